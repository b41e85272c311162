// swift-tools-version: 6.1
import PackageDescription

/// A library room: its README says what lives there; tests live in `Tests/<name>Tests`.
func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["README.md"], resources: resources)
}

/// The tests of one room.
func tests(of name: String, _ extra: [Target.Dependency] = []) -> Target {
    .testTarget(name: name + "Tests", dependencies: [.byName(name: name), "TestSupport"] + extra)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "gan-eval",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "gan-eval", targets: ["gan-eval"]),
        .library(name: "Evaluation", targets: ["Evaluation"]),
        .library(name: "FeatureNetworks", targets: ["FeatureNetworks"]),
        .library(name: "Games", targets: ["Games"]),
        .library(name: "NeuralNetworks", targets: ["NeuralNetworks"]),
        .library(name: "Tensors", targets: ["Tensors"]),
        .library(name: "Tracking", targets: ["Tracking"]),
        .library(name: "Training", targets: ["Training"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.0.0"..<"5.0.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        // Row 1: what is not Swift.
        .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"]), .brew(["onednn"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"]), .brew(["libzip"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
        .target(name: "CImageCodecs", dependencies: ["CPNG", "CJPEG"]),
        // Row 2: the materials.
        room("Tensors", ["COneDNN", "COpenBLAS"]),
        room("LinearAlgebra", ["COneDNN", "COpenBLAS"]),
        room("Statistics", []),
        room("HDF5", ["CHDF5", "CZlib"]),
        room("Archives", ["CZip"]),
        room("Images", ["CImageCodecs"]),
        // Row 3: what is made of them.
        room("NeuralNetworks", ["Tensors"]),
        room("Weights", ["HDF5", "Archives", crypto]),
        room("Datasets", ["Tensors", "Images", "HDF5", "Archives", crypto]),
        // Row 4.
        room("Optimizers", ["NeuralNetworks", "Tensors"]),
        room("FeatureNetworks", ["NeuralNetworks", "Weights", "Archives", crypto, yams], resources: [.copy("Resources/networks")]),
        // Row 5.
        room("Evaluation", ["FeatureNetworks", "Datasets", "LinearAlgebra", "Statistics", "HDF5", "Archives", crypto]),
        room("Games", ["Optimizers", "NeuralNetworks", "Tensors", "Datasets"]),
        // Row 6.
        room("Tracking", ["Archives", crypto, grdb]),
        // Row 7.
        room("Training", ["Tracking", "Games", "Optimizers", "Evaluation", "FeatureNetworks", "NeuralNetworks", "Tensors", "Datasets", "Images", "HDF5", "Archives", "COneDNN", "COpenBLAS", "CHDF5", crypto, yams]),
        room("Reports", ["Tracking", "Statistics", "Archives", crypto, yams]),
        // Row 8.
        room("GeneratorMeasures", ["Training", "Games", "Optimizers", "Evaluation", "FeatureNetworks", "NeuralNetworks", "Tensors", "LinearAlgebra", "Statistics", "Datasets", "Images", "Weights", "Archives"]),
        room("Regression", ["Training", "Reports", "Tracking", "Games", "Evaluation", "FeatureNetworks", "Weights", "Datasets", "Tensors", "LinearAlgebra", "Statistics", "Archives", yams]),
        // Row 9.
        .executableTarget(name: "gan-eval", dependencies: ["Regression", "GeneratorMeasures", "Training", "Tracking", "Reports", "Games", "Evaluation", "FeatureNetworks", "Weights", "Datasets", "Images", "HDF5", "Archives", "Tensors", "NeuralNetworks", "LinearAlgebra", argumentParser], exclude: ["README.md"]),
        .executableTarget(
            name: "distance-benchmark", dependencies: ["Evaluation", "LinearAlgebra", "Archives"], path: "Benchmarks/distance", exclude: ["compare.py"]),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        tests(of: "Tensors"),
        tests(of: "LinearAlgebra"),
        tests(of: "Statistics"),
        tests(of: "HDF5"),
        tests(of: "Archives"),
        tests(of: "Images"),
        tests(of: "NeuralNetworks", ["Weights", "Tensors"]),
        tests(of: "Weights"),
        tests(of: "Datasets", ["Tensors", "Images", "HDF5", "Archives"]),
        tests(of: "FeatureNetworks", ["Images", "HDF5", "Weights", "Archives", "NeuralNetworks", "Tensors"]),
        tests(of: "Evaluation", ["Statistics", "Weights", "HDF5", "FeatureNetworks", "NeuralNetworks", "Tensors", "Datasets"]),
        tests(of: "Optimizers", ["NeuralNetworks", "Tensors"]),
        tests(of: "Games", ["Optimizers", "NeuralNetworks", "Tensors", "Datasets", "HDF5", "LinearAlgebra"]),
        tests(of: "Tracking", ["Archives", grdb]),
        tests(of: "Training", ["Tracking", "Evaluation", "FeatureNetworks", "Games", "Optimizers", "NeuralNetworks", "Tensors", "Datasets", "HDF5", "Images"]),
        tests(of: "GeneratorMeasures", ["Statistics", "Training", "Games", "Evaluation", "FeatureNetworks", "NeuralNetworks", "Tensors", "Datasets", "HDF5", "Archives"]),
        tests(of: "Reports", ["Tracking", "Evaluation"]),
        tests(of: "Regression", ["Evaluation", "Tensors", "HDF5"]),
        .testTarget(name: "CommandTests", dependencies: ["gan-eval", "TestSupport", "Datasets", "HDF5", "Images", yams]),
    ]
)
