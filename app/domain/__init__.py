"""What a question, a variant, a rubric, an answer and a grader are; standard library and pydantic only, no input or output."""
