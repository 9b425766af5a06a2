"""What a question, a variant, a rubric, an answer and a grader are; no input or output, only pydantic."""
