import Foundation
import HDF5
import TestSupport
import Tensors
import Testing
import Training

/// What a run's bits depend on lies in its folder, and a resumption under other circumstances says so.
@Suite struct IdentityTests {
    private func entries(_ run: String) throws -> [String: String] {
        let lines = try String(contentsOfFile: run + "/identity.yaml", encoding: .utf8).split(separator: "\n")
        return Dictionary(uniqueKeysWithValues: lines.map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (String(line[..<colon]), line[colon...].dropFirst(2).trimmingCharacters(in: CharacterSet(charactersIn: "'")))
        })
    }

    @Test func versionsThreadsAndDataAreNamed() throws {
        try Fixtures.withTemporaryFolder { folder in
            try TestRuns.run(TestRuns.configuration(data: TestRuns.digits, steps: 1, ["width": "4", "seed": "7"]), in: folder + "/a")
            let found = try entries(folder + "/a")
            #expect(Set(found.keys) == ["version", "seed", "arithmetic", "hdf5", "openblas", "openblas_kernels", "openblas_threads", "instruction_set", "threads", "data_sha256"])
            #expect(found["seed"] == "7" && found["arithmetic"] == CPUBackend().name && (found["data_sha256"] ?? "").count == 64)
            #expect(try #require(found["hdf5"]).wholeMatch(of: /1\.[0-9]+\.[0-9]+/) != nil && Int(try #require(found["threads"])) ?? 0 >= 1)

            // The same data under another name, held out in part or not, is the same; data of which one pixel or one class differs is not.
            let copy = folder + "/copy.h5"
            try FileManager.default.copyItem(atPath: TestRuns.digits, toPath: copy)
            try TestRuns.run(TestRuns.configuration(data: copy, steps: 1, ["width": "4", "seed": "8", "heldOut": "0.25"]), in: folder + "/b")
            #expect(try entries(folder + "/b")["data_sha256"] == found["data_sha256"])
            let original = try HDF5File(reading: TestRuns.digits).root, count = try original.dataset("labels").shape[0]
            for (name, place) in [("pixel", (777, nil)), ("class", (nil, 777)), ("nothing", (nil, nil))] as [(String, (Int?, Int?))] {
                var pixels = try original.dataset("images").read(UInt8.self), labels = try original.dataset("labels").read(UInt8.self)
                if let pixel = place.0 { pixels[pixel] ^= 1 }
                if let label = place.1 { labels[label] = (labels[label] + 1) % 10 }
                let file = try HDF5File(creating: "\(folder)/\(name).h5")
                _ = try file.root.write(pixels, shape: [count, 8, 8, 1], as: "images")
                _ = try file.root.write(labels, shape: [count], as: "labels")
                try file.commit()
                try TestRuns.run(TestRuns.configuration(data: "\(folder)/\(name).h5", steps: 1, ["width": "4"]), in: "\(folder)/run-\(name)")
                #expect(try (entries("\(folder)/run-\(name)")["data_sha256"] == found["data_sha256"]) == (name == "nothing"), "\(name)")
            }
            // A distribution's samples depend on the seed, and so does its digest.
            try TestRuns.run(TestRuns.configuration(data: "ring", steps: 1, ["width": "4", "seed": "1"]), in: folder + "/d")
            try TestRuns.run(TestRuns.configuration(data: "ring", steps: 1, ["width": "4", "seed": "2"]), in: folder + "/e")
            #expect(try entries(folder + "/d")["data_sha256"] != entries(folder + "/e")["data_sha256"])
        }
    }

    @Test func aResumptionUnderAnotherIdentityWarnsInOneLine() throws {
        try Fixtures.withTemporaryFolder { folder in
            let run = folder + "/run"
            try TestRuns.run(TestRuns.configuration(data: "ring", steps: 2, ["width": "4"]), in: run)
            func resume(_ steps: Int) throws -> [String] {
                let resumed = try Run(resuming: RunFolder(run, creating: false), steps: steps, backend: CPUBackend())
                var notes: [String] = []
                resumed.note = { notes.append($0) }
                try resumed.run()
                return notes
            }
            #expect(try resume(3).isEmpty && TestRuns.log(run, "resumed").isEmpty)
            let file = run + "/identity.yaml", text = try String(contentsOfFile: file, encoding: .utf8)
            let version = try #require(try entries(run)["hdf5"]), data = try #require(try entries(run)["data_sha256"])
            try text.replacing("hdf5: '\(version)'", with: "hdf5: '1.8.0'").replacing(data, with: String(repeating: "0", count: 64)).write(toFile: file, atomically: true, encoding: .utf8)
            let notes = try resume(4)
            #expect(notes == ["this run began otherwise, so its bits are no longer those of an uninterrupted one: data_sha256 00000000… is now \(data.prefix(8))…; hdf5 1.8.0 is now \(version)"])
            #expect(try TestRuns.log(run, "resumed").first?["warning"] as? String == notes.first)
        }
    }
}
