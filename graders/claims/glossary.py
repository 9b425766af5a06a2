"""The technical words of deep learning: read and understood wherever they stand, whatever they earn."""

from __future__ import annotations

_WORDS = """
1st 2nd 3rd accelerate accordingly accumulate accumulates accuracy activation adadelta adagrad adam adapt adaptive
additionally adv advantage advantages affine afterwards alexnet algebra algorithm aligned alpha alternatively anneal app
approximate approximation architecture argmax asymmetric attainable attention attn augment augmentation autoencoder
average averaging avoid avoiding avoids axis backbone backpropagation backward batch batchnorm bayesian bce benchmark
beta bfgs bias biased binary blurry bottleneck bound boundary capacity categorical channel cheap cheaply classification
classifier classify cluster cnn cnns coefficient combination combine complexity component compose composition compute
concat configuration conjugate connected consequently constant constraint context contrastive conv converge convergence
convex convexity convolution convolutional convs correlate correlation cosine costly covariance curvature curve dataset
decay decision decoder decompose deconvolution decrease decreasing degenerate denoise denominator density dependence
dependency depth derivative descent deterministic dev diagonal differentiable differentiate differentiation dilated
dimension dimensional dimensionality direction disadv disadvantage disadvantages discount discrete discriminator
displaced distance distribution diverge divergence dl dominate dominated downsample downsize drastically drawback
drawbacks dropout dynamics efficient efficiently eigenvalue eigenvector elbo elementwise elu embed embedding encode
encoder ensemble entries entropy entry epoch eps epsilon eq equation equivalent equivariance equivariant error estimate
estimator eta euclidean evaluate exp expectation explicit explode exploding exploration exponent exponential expressive
expressiveness extrapolate factor favour fcn feature feedforward filter finetune finetuning finite flatten flip forget
formula forward foto frequency fundamentally furthermore gamma gan gap gate gaussian gd generalise generative generator
global gpu gradient gram graph greedy grid gru grus hardware hereby hessian heuristic hidden hinge hyperparameter
hypotheses iaf identity iff iid image imagenet imbalance imbalanced img imgs imitate imo implement implementation
implemented implicit increase increasing independence independent inefficient inference infinite infinity initialisation
initialise input instability instance integral interpolate interval intuition invariance invariant inverse invert
irrespective iterate iteration jacobian jensen jitter keras kernel kl label lag lags latent layer leak leakage leaky
learnable likelihood linear linearity linesearch local logarithm logistic logit loss lstm lstms magnitude manifold map
margin markov mask matmul matrices matrix maximise maximum mc memory metric minibatch minima minimax minimise minimum
mismatch mle mlp mlps mode moderate momentum monotone monotonic moreover mse multiplication multiply multivariate neg
negative nets neuron newer newton nll node noise noisy nonlinear nonlinearity nonnegative norm normal normalisation
normalise numerator objective ones optimal optimise optimiser optimistic optimum oscillate outlier overfit overfitting
padding parallel parallelise parameter partial partly percent percentage perceptron permutation permute perturb pic pics
pixel plateau plot policy polynomial pooling positive posterior pre preceding precision predict prediction preprocess
pretrain pretrained prev prevent prevents prior probabilistic probability problematic product proportional python
pytorch quadratic quantise quantities quasi ram random recall receptive reconstruct reconstruction recurrent redundant
region regions regression regularisation regularise regulariser reinforcement relies relu relus reparametrisation
reparametrise representation resample rescale residual resize resnet resolution respectively reuse reward rgb rmsprop
rnn rnns robust roi rotate rotation runtime saddle sample sampling saturate saturation scalable scalar scale scaling
scratch searches segmentation semantic sequence sequential sgd shear shift shuffle sigma sigmoid sign signal similarity
singular skip slope softmax sparse sparsity spatial spectrum spp square squared standardise state stationary sth
stochastic stride subsample subsequently subset subsets sum supervised symmetric symmetry tanh target telegram temporal
tensor tensorflow test textures theorem thereby therefore theta threshold timestep token torchvision tractable train
trainable trajectory transfer transform transformation transformer translate translation transpose transposed truncate
tune tuning tuple unbiased unchanged underfit underfitting uniform unit unreliable unrolled unstable unsupervised
untouched update upper upsample upsampling usable vae validate validation vanish vanishing variable variance variant
variants variational vector vectorise velocity vgg visualise weight weighting whereby whilst width wise zero zeros
"""

TECHNICAL = frozenset(_WORDS.split())
