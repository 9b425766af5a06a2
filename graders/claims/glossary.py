"""The technical words of deep learning: read and understood wherever they stand, whatever they earn."""

from __future__ import annotations

_WORDS = """
1st 2nd 3rd accordingly accuracy activation adadelta adagrad adam adapt adaptive additionally adv advantage
advantages affine algorithm alpha anneal approximate approximation architecture argmax asymmetric attention augment
augmentation autoencoder average averaging avoid avoiding avoids axis backpropagation backward batch batchnorm
bayesian bce benchmark beta bfgs bias biased binary bottleneck bound boundary capacity categorical channel cheap
cheaply classification classifier classify cluster cnn cnns coefficient combination combine complexity component
compute configuration conjugate connected consequently constant constraint context contrastive converge convergence
convex convexity convolution convolutional correlate correlation cosine costly covariance curvature curve dataset
decay decision decoder deconvolution decrease decreasing degenerate denoise denominator density dependence
dependency depth derivative descent deterministic dev diagonal differentiable differentiate differentiation dilated
dimension dimensional dimensionality direction disadvantage disadvantages discount discrete discriminator distance
distribution diverge divergence dl downsample drawback drawbacks dropout dynamics efficient efficiently eigenvalue
eigenvector elbo elementwise elu embed embedding encode encoder ensemble entropy epoch epsilon equation equivalent
equivariance equivariant error estimate estimator euclidean evaluate exp expectation explicit explode exploding
exploration exponent exponential expressive expressiveness extrapolate factor fcn feature feedforward filter
finetune finetuning flatten flip forget formula forward frequency furthermore gamma gan gap gate gaussian generalise
generative generator global gpu gradient gram graph greedy grid gru grus hardware hereby hessian heuristic hidden
hyperparameter iaf identity iid image imagenet imbalance imitate implicit increase increasing independence
independent inefficient inference infinite infinity initialisation initialise input instability integral interpolate
invariance invariant inverse iterate iteration jacobian jensen kernel kl label latent layer leak leaky learnable
likelihood linear linearity linesearch local logarithm logistic logit loss lstm lstms manifold map markov mask
matrices matrix maximise maximum memory metric minibatch minima minimise minimum mismatch mle mlp mlps mode momentum
monotone monotonic moreover mse multiplication multiply multivariate negative nets neuron newer newton nll node
noise noisy nonlinear nonlinearity norm normal normalisation normalise numerator objective ones optimal optimise
optimiser optimum oscillate outlier overfit overfitting padding parallel parallelise parameter partial partly
percent percentage perceptron permutation permute perturb pic pics pixel plateau plot policy polynomial pooling
positive posterior precision predict prediction preprocess pretrain pretrained prevent prevents prior probabilistic
probability product proportional quadratic quantise quasi ram random recall receptive reconstruct reconstruction
recurrent redundant region regions regression regularisation regularise regulariser reinforcement relu relus
reparametrisation reparametrise representation resample residual resize resolution respectively reward rgb rmsprop
rnn rnns robust roi rotate rotation runtime saddle sample sampling saturate saturation scalable scalar scale scaling
scratch searches segmentation semantic sequence sequential sgd shear shift shuffle sigma sigmoid sign signal
similarity singular skip slope softmax sparse sparsity spatial spectrum spp square squared standardise state
stationary stochastic stride subsample subsequently subset subsets sum supervised symmetric symmetry tanh target
telegram temporal tensor test theorem thereby therefore threshold timestep token tractable train trainable
trajectory transfer transform transformation transformer translate translation transpose transposed truncate tune
tuning underfit underfitting uniform unit unrolled unstable unsupervised update upper upsample upsampling vae
validate validation vanish vanishing variable variance variational vector vectorise velocity visualise weight
weighting whereby whilst width wise zero zeros
"""

TECHNICAL = frozenset(_WORDS.split())
