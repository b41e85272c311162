/// The papers of the metrics: keys of each metric's papers, and the papers. An unknown metric has none.
enum Bibliography {
    /// The papers of a metric, by its key in machine-readable output.
    static func citations(of metric: String) -> [Citation] {
        (keys[metric] ?? "").split(separator: " ").compactMap { key in papers.first { $0.key == key } }
    }

    /// Keys of papers, by metric.
    static let keys: [String: String] = [
        "fid": "heusel2017", "kid": "binkowski2018", "is": "salimans2016", "precision": "kynkaanniemi2019", "recall": "kynkaanniemi2019", "density": "naeem2020", "coverage": "naeem2020",
        "realism": "kynkaanniemi2019", "f-score": "kynkaanniemi2019 obukhov2020", "1nn": "lopezpaz2017", "alpha-precision": "alaa2022", "beta-recall": "alaa2022", "authenticity": "alaa2022",
        "prd-f8": "sajjadi2018", "prd-f1-8": "sajjadi2018", "divergence-frontier": "djolonga2020 liu2021", "ndb": "richardson2018", "bin-jsd": "richardson2018", "mmd": "gretton2012", "kd": "stein2023",
        "cmmd": "jayasumana2024", "mind": "bonneel2015 obukhov2020", "sw1": "bonneel2015", "sw2": "bonneel2015", "asw": "nadjahi2021", "vendi": "friedman2023", "mean-similarity": "friedman2023",
        "cross-lid": "barua2019", "imd": "tsitsulin2020", "geometry-score": "khrulkov2018", "mtop": "barannikov2021", "fld": "jiralerspong2023", "fls": "jiralerspong2023", "fid-infinity": "chong2020",
        "mifid": "bai2021", "mifid-kaggle": "bai2021", "mode-score": "che2017", "am-score": "zhou2018", "modified-is": "gurumurthy2017", "is-infinity": "chong2020", "intra-fid": "miyato2018",
        "within-class-fid": "benny2021", "between-class-fid": "benny2021", "conditional-fid": "soloveitchik2021", "class-aware-fid": "liu2018", "between-class-is": "benny2021", "within-class-is": "benny2021",
        "gan-train": "ravuri2019", "cas": "ravuri2019", "gan-test-trained": "shmelkov2018", "gan-test": "shmelkov2018", "classifier-two-sample": "lopezpaz2017", "boundary-distortion": "santurkar2018", "adversarial-divergence": "yang2017",
        "sliced-wasserstein": "karras2018", "spectrum-distance": "durall2020", "spectral-slope": "zeng2017", "contrast-divergence": "zeng2017", "filter-divergence": "zeng2017",
        "parzen-log-likelihood": "breuleux2011 goodfellow2014", "parzen-coverage": "tolstikhin2017", "image-retrieval": "wang2016",
        "lpips": "zhang2018", "dists": "ding2022", "ssim": "wang2004", "ms-ssim": "wang2003 odena2017", "sharpness": "mathieu2016", "path-length": "karras2019", "separability": "karras2019",
        "tournament-win-rate": "olsson2018", "skill-rating": "olsson2018", "critic-skill-rating": "olsson2018", "gam": "im2016", "duality-gap": "grnarova2019", "reconstruction-error": "xiang2017",
        "critic": "danihelka2017", "nrds": "zhang2018nrds", "authpct": "alaa2022 jiralerspong2023", "ct": "meehan2020", "holm": "holm1979", "welch": "welch1947",
    ]

    private static let nips = "Advances in Neural Information Processing Systems", icml = "International Conference on Machine Learning", iclr = "International Conference on Learning Representations"
    private static let cvpr = "IEEE/CVF Conference on Computer Vision and Pattern Recognition", aistats = "International Conference on Artificial Intelligence and Statistics"

    /// Every paper, as printed.
    static let papers: [Citation] = sets + classes + others

    private static let sets: [Citation] = [
        Citation("heusel2017", "Martin Heusel, Hubert Ramsauer, Thomas Unterthiner, Bernhard Nessler, Sepp Hochreiter", "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium", 2017, .conference(nips), arXiv: "1706.08500"),
        Citation("binkowski2018", "Mikołaj Bińkowski, Danica J. Sutherland, Michael Arbel, Arthur Gretton", "Demystifying MMD GANs", 2018, .conference(iclr), arXiv: "1801.01401"),
        Citation("salimans2016", "Tim Salimans, Ian Goodfellow, Wojciech Zaremba, Vicki Cheung, Alec Radford, Xi Chen", "Improved Techniques for Training GANs", 2016, .conference(nips), arXiv: "1606.03498"),
        Citation("kynkaanniemi2019", "Tuomas Kynkäänniemi, Tero Karras, Samuli Laine, Jaakko Lehtinen, Timo Aila", "Improved Precision and Recall Metric for Assessing Generative Models", 2019, .conference(nips), arXiv: "1904.06991"),
        Citation("naeem2020", "Muhammad Ferjad Naeem, Seong Joon Oh, Youngjung Uh, Yunjey Choi, Jaejun Yoo", "Reliable Fidelity and Diversity Metrics for Generative Models", 2020, .conference(icml), arXiv: "2002.09797"),
        Citation("lopezpaz2017", "David Lopez-Paz, Maxime Oquab", "Revisiting Classifier Two-Sample Tests", 2017, .conference(iclr), arXiv: "1610.06545"),
        Citation("alaa2022", "Ahmed M. Alaa, Boris van Breugel, Evgeny Saveliev, Mihaela van der Schaar", "How Faithful is your Synthetic Data? Sample-level Metrics for Evaluating and Auditing Generative Models", 2022, .conference(icml), arXiv: "2102.08921"),
        Citation("sajjadi2018", "Mehdi S. M. Sajjadi, Olivier Bachem, Mario Lucic, Olivier Bousquet, Sylvain Gelly", "Assessing Generative Models via Precision and Recall", 2018, .conference(nips), arXiv: "1806.00035"),
        Citation("djolonga2020", "Josip Djolonga, Mario Lucic, Marco Cuturi, Olivier Bachem, Olivier Bousquet, Sylvain Gelly", "Precision-Recall Curves Using Information Divergence Frontiers", 2020, .conference(aistats), arXiv: "1905.10768"),
        Citation("liu2021", "Lang Liu, Krishna Pillutla, Sean Welleck, Sewoong Oh, Yejin Choi, Zaid Harchaoui", "Divergence Frontiers for Generative Models: Sample Complexity, Quantization Effects, and Frontier Integrals", 2021, .conference(nips), arXiv: "2106.07898"),
        Citation("richardson2018", "Eitan Richardson, Yair Weiss", "On GANs and GMMs", 2018, .conference(nips), arXiv: "1805.12462"),
        Citation("gretton2012", "Arthur Gretton, Karsten M. Borgwardt, Malte J. Rasch, Bernhard Schölkopf, Alexander Smola", "A Kernel Two-Sample Test", 2012, .journal("Journal of Machine Learning Research", volume: "13", number: nil, pages: "723–773")),
        Citation("stein2023", "George Stein, Jesse C. Cresswell, Rasa Hosseinzadeh, Yi Sui, Brendan Leigh Ross, Valentin Villecroze, Zhaoyan Liu, Anthony L. Caterini, J. Eric T. Taylor, Gabriel Loaiza-Ganem", "Exposing flaws of generative model evaluation metrics and their unfair treatment of diffusion models", 2023, .conference(nips), arXiv: "2306.04675"),
        Citation("jayasumana2024", "Sadeep Jayasumana, Srikumar Ramalingam, Andreas Veit, Daniel Glasner, Ayan Chakrabarti, Sanjiv Kumar", "Rethinking FID: Towards a Better Evaluation Metric for Image Generation", 2024, .conference(cvpr), arXiv: "2401.09603"),
        Citation("bonneel2015", "Nicolas Bonneel, Julien Rabin, Gabriel Peyré, Hanspeter Pfister", "Sliced and Radon Wasserstein Barycenters of Measures", 2015, .journal("Journal of Mathematical Imaging and Vision", volume: "51", number: "1", pages: "22–45")),
        Citation("nadjahi2021", "Kimia Nadjahi, Alain Durmus, Pierre E. Jacob, Roland Badeau, Umut Şimşekli", "Fast Approximation of the Sliced-Wasserstein Distance Using Concentration of Random Projections", 2021, .conference(nips), arXiv: "2106.15427"),
        Citation("friedman2023", "Dan Friedman, Adji Bousso Dieng", "The Vendi Score: A Diversity Evaluation Metric for Machine Learning", 2023, .journal("Transactions on Machine Learning Research", volume: "2023", number: nil, pages: nil), arXiv: "2210.02410"),
        Citation("barua2019", "Sukarna Barua, Xingjun Ma, Sarah Monazam Erfani, Michael E. Houle, James Bailey", "Quality Evaluation of GANs Using Cross Local Intrinsic Dimensionality", 2019, .preprint, arXiv: "1905.00643"),
        Citation("tsitsulin2020", "Anton Tsitsulin, Marina Munkhoeva, Davide Mottin, Panagiotis Karras, Alex Bronstein, Ivan Oseledets, Emmanuel Müller", "The Shape of Data: Intrinsic Distance for Data Distributions", 2020, .conference(iclr), arXiv: "1905.11141"),
        Citation("khrulkov2018", "Valentin Khrulkov, Ivan Oseledets", "Geometry Score: A Method For Comparing Generative Adversarial Networks", 2018, .conference(icml), arXiv: "1802.02664"),
        Citation("barannikov2021", "Serguei Barannikov, Ilya Trofimov, Grigorii Sotnikov, Ekaterina Trimbach, Alexander Korotin, Alexander Filippov, Evgeny Burnaev", "Manifold Topology Divergence: a Framework for Comparing Data Manifolds", 2021, .conference(nips), arXiv: "2106.04024"),
        Citation("jiralerspong2023", "Marco Jiralerspong, Avishek Joey Bose, Ian Gemp, Chongli Qin, Yoram Bachrach, Gauthier Gidel", "Feature Likelihood Divergence: Evaluating the Generalization of Generative Models Using Samples", 2023, .conference(nips), arXiv: "2302.04440"),
        Citation("chong2020", "Min Jin Chong, David Forsyth", "Effectively Unbiased FID and Inception Score and Where to Find Them", 2020, .conference(cvpr), arXiv: "1911.07023"),
        Citation("bai2021", "Ching-Yuan Bai, Hsuan-Tien Lin, Colin Raffel, Wendy Chih-wen Kan", "On Training Sample Memorization: Lessons from Benchmarking Generative Modeling with a Large-scale Competition", 2021, .conference("ACM SIGKDD Conference on Knowledge Discovery and Data Mining"), arXiv: "2106.03062"),
    ]

    private static let classes: [Citation] = [
        Citation("che2017", "Tong Che, Yanran Li, Athul Paul Jacob, Yoshua Bengio, Wenjie Li", "Mode Regularized Generative Adversarial Networks", 2017, .conference(iclr), arXiv: "1612.02136"),
        Citation("zhou2018", "Zhiming Zhou, Han Cai, Shu Rong, Yuxuan Song, Kan Ren, Weinan Zhang, Yong Yu, Jun Wang", "Activation Maximization Generative Adversarial Nets", 2018, .conference(iclr), arXiv: "1703.02000"),
        Citation("gurumurthy2017", "Swaminathan Gurumurthy, Ravi Kiran Sarvadevabhatla, R. Venkatesh Babu", "DeLiGAN: Generative Adversarial Networks for Diverse and Limited Data", 2017, .conference(cvpr), arXiv: "1706.02071"),
        Citation("miyato2018", "Takeru Miyato, Masanori Koyama", "cGANs with Projection Discriminator", 2018, .conference(iclr), arXiv: "1802.05637"),
        Citation("benny2021", "Yaniv Benny, Tomer Galanti, Sagie Benaim, Lior Wolf", "Evaluation Metrics for Conditional Image Generation", 2021, .journal("International Journal of Computer Vision", volume: "129", number: nil, pages: nil), arXiv: "2004.12292"),
        Citation("soloveitchik2021", "Michael Soloveitchik, Tzvi Diskin, Efrat Morin, Ami Wiesel", "Conditional Frechet Inception Distance", 2021, .preprint, arXiv: "2103.11521"),
        Citation("liu2018", "Shaohui Liu, Yi Wei, Jiwen Lu, Jie Zhou", "An Improved Evaluation Framework for Generative Adversarial Networks", 2018, .preprint, arXiv: "1803.07474"),
        Citation("ravuri2019", "Suman Ravuri, Oriol Vinyals", "Classification Accuracy Score for Conditional Generative Models", 2019, .conference(nips), arXiv: "1905.10887"),
        Citation("shmelkov2018", "Konstantin Shmelkov, Cordelia Schmid, Karteek Alahari", "How good is my GAN?", 2018, .conference("European Conference on Computer Vision"), arXiv: "1807.09499"),
        Citation("santurkar2018", "Shibani Santurkar, Ludwig Schmidt, Aleksander Mądry", "A Classification-Based Study of Covariate Shift in GAN Distributions", 2018, .conference(icml), arXiv: "1711.00970"),
        Citation("yang2017", "Jianwei Yang, Anitha Kannan, Dhruv Batra, Devi Parikh", "LR-GAN: Layered Recursive Generative Adversarial Networks for Image Generation", 2017, .conference(iclr), arXiv: "1703.01560"),
        Citation("karras2018", "Tero Karras, Timo Aila, Samuli Laine, Jaakko Lehtinen", "Progressive Growing of GANs for Improved Quality, Stability, and Variation", 2018, .conference(iclr), arXiv: "1710.10196"),
        Citation("durall2020", "Ricard Durall, Margret Keuper, Janis Keuper", "Watch your Up-Convolution: CNN Based Generative Deep Neural Networks are Failing to Reproduce Spectral Distributions", 2020, .conference(cvpr), arXiv: "2003.01826"),
        Citation("zeng2017", "Yu Zeng, Huchuan Lu, Ali Borji", "Statistics of Deep Generated Images", 2017, .preprint, arXiv: "1708.02688"),
        Citation("breuleux2011", "Olivier Breuleux, Yoshua Bengio, Pascal Vincent", "Quickly Generating Representative Samples from an RBM-Derived Process", 2011, .journal("Neural Computation", volume: "23", number: "8", pages: "2058–2073")),
        Citation("goodfellow2014", "Ian J. Goodfellow, Jean Pouget-Abadie, Mehdi Mirza, Bing Xu, David Warde-Farley, Sherjil Ozair, Aaron Courville, Yoshua Bengio", "Generative Adversarial Nets", 2014, .conference(nips), arXiv: "1406.2661"),
        Citation("tolstikhin2017", "Ilya Tolstikhin, Sylvain Gelly, Olivier Bousquet, Carl-Johann Simon-Gabriel, Bernhard Schölkopf", "AdaGAN: Boosting Generative Models", 2017, .conference(nips), arXiv: "1701.02386"),
        Citation("wang2016", "Yaxing Wang, Lichao Zhang, Joost van de Weijer", "Ensembles of Generative Adversarial Networks", 2016, .preprint, arXiv: "1612.00991"),
    ]

    private static let others: [Citation] = [
        Citation("obukhov2020", "Anton Obukhov, Maximilian Seitzer, Po-Wei Wu, Semen Zhydenko, Jonathan Kyl, Elvis Yu-Jing Lin", "High-fidelity performance metrics for generative models in PyTorch", 2020, .software(doi: "10.5281/zenodo.4957738")),
        Citation("zhang2018", "Richard Zhang, Phillip Isola, Alexei A. Efros, Eli Shechtman, Oliver Wang", "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", 2018, .conference(cvpr), arXiv: "1801.03924"),
        Citation("ding2022", "Keyan Ding, Kede Ma, Shiqi Wang, Eero P. Simoncelli", "Image Quality Assessment: Unifying Structure and Texture Similarity", 2022, .journal("IEEE Transactions on Pattern Analysis and Machine Intelligence", volume: "44", number: "5", pages: "2567–2581"), arXiv: "2004.07728"),
        Citation("wang2004", "Zhou Wang, Alan C. Bovik, Hamid R. Sheikh, Eero P. Simoncelli", "Image Quality Assessment: From Error Visibility to Structural Similarity", 2004, .journal("IEEE Transactions on Image Processing", volume: "13", number: "4", pages: "600–612")),
        Citation("wang2003", "Zhou Wang, Eero P. Simoncelli, Alan C. Bovik", "Multiscale Structural Similarity for Image Quality Assessment", 2003, .conference("Asilomar Conference on Signals, Systems and Computers")),
        Citation("odena2017", "Augustus Odena, Christopher Olah, Jonathon Shlens", "Conditional Image Synthesis with Auxiliary Classifier GANs", 2017, .conference(icml), arXiv: "1610.09585"),
        Citation("mathieu2016", "Michael Mathieu, Camille Couprie, Yann LeCun", "Deep multi-scale video prediction beyond mean square error", 2016, .conference(iclr), arXiv: "1511.05440"),
        Citation("karras2019", "Tero Karras, Samuli Laine, Timo Aila", "A Style-Based Generator Architecture for Generative Adversarial Networks", 2019, .conference(cvpr), arXiv: "1812.04948"),
        Citation("olsson2018", "Catherine Olsson, Surya Bhupatiraju, Tom Brown, Augustus Odena, Ian Goodfellow", "Skill Rating for Generative Models", 2018, .preprint, arXiv: "1808.04888"),
        Citation("im2016", "Daniel Jiwoong Im, Chris Dongjoo Kim, Hui Jiang, Roland Memisevic", "Generating images with recurrent adversarial networks", 2016, .preprint, arXiv: "1602.05110"),
        Citation("grnarova2019", "Paulina Grnarova, Kfir Y. Levy, Aurelien Lucchi, Nathanaël Perraudin, Ian Goodfellow, Thomas Hofmann, Andreas Krause", "A Domain Agnostic Measure for Monitoring and Evaluating GANs", 2019, .conference(nips), arXiv: "1811.05512"),
        Citation("xiang2017", "Sitao Xiang, Hao Li", "On the Effects of Batch and Weight Normalization in Generative Adversarial Networks", 2017, .preprint, arXiv: "1704.03971"),
        Citation("danihelka2017", "Ivo Danihelka, Balaji Lakshminarayanan, Benigno Uria, Daan Wierstra, Peter Dayan", "Comparison of Maximum Likelihood and GAN-based training of Real NVPs", 2017, .preprint, arXiv: "1705.05263"),
        Citation("zhang2018nrds", "Zhifei Zhang, Yang Song, Hairong Qi", "Decoupled Learning for Conditional Adversarial Networks", 2018, .conference("IEEE Winter Conference on Applications of Computer Vision"), arXiv: "1801.06790"),
        Citation("meehan2020", "Casey Meehan, Kamalika Chaudhuri, Sanjoy Dasgupta", "A Non-Parametric Test to Detect Data-Copying in Generative Models", 2020, .conference(aistats), arXiv: "2004.05675"),
        Citation("holm1979", "Sture Holm", "A Simple Sequentially Rejective Multiple Test Procedure", 1979, .journal("Scandinavian Journal of Statistics", volume: "6", number: "2", pages: "65–70")),
        Citation("welch1947", "Bernard Lewis Welch", "The Generalization of ‘Student’s’ Problem When Several Different Population Variances Are Involved", 1947, .journal("Biometrika", volume: "34", number: "1–2", pages: "28–35")),
    ]
}
