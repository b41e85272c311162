import Testing
import Tracking

@Suite struct RunConditionTests {
    private func summary(_ name: String, game: String? = "dcgan", fid: Double? = nil, lowest: Double? = nil, tags: [String] = [], age: Double = 0) -> RunSummary {
        var run = RecordedRun(name: name, kind: .training, command: "", version: "1")
        (run.game, run.tags, run.created) = (game, tags, 1e9 - age * 86400)
        run.configuration = ["generator.learningRate": "0.0002"]
        var summary = RunSummary(run)
        if let fid { summary.last["fid"] = .init(kind: "measurement", value: fid) }
        summary.last["critic loss"] = .init(kind: "losses", value: -1.5)
        if let lowest { summary.lowest["fid"] = lowest }
        return summary
    }

    private func holds(_ text: String, _ summary: RunSummary) throws -> Bool { try RunCondition(text).matches(summary, now: 1e9) }

    @Test func conditionsSelectRuns() throws {
        let run = summary("a", fid: 19.5, lowest: 15, tags: ["paper", "old"], age: 3)
        let yes = [
            "game=dcgan and fid<20", "game = DCGAN", "game==dcgan", "fid<=19.5", "fid>=19.5", "fid>19", "fid=19.50", "min fid<16", "tag=paper", "tag=old and tag=paper", "tag~pap", "not tag=new", "tag!=new",
            "fid>100 or game=dcgan", "game=x or game=y or name=a", "(fid>100 or game=dcgan) and name=a", "not (fid>100 and game=dcgan)", "not not name=a", "generator.learningRate<1e-3", "generator.learningRate=2e-4",
            "age<3.5 and age>2.5", "'critic loss'<-1", "\"critic loss\">-2", "kind=training", "seed!=3", "note=''", "nothing!=1",
            // 'and' binds before 'or'.
            "name=a or name=b and fid>100",
        ]
        for text in yes { #expect(try holds(text, run), "\(text)") }
        for text in ["game=dcgan and fid<19", "fid<16", "min fid<15", "tag!=paper", "nothing=1", "nothing<1", "max fid>1", "seed=0", "name<5", "(name=a or name=b) and fid>100"] { #expect(try !holds(text, run), "\(text)") }
    }

    @Test(arguments: [
        ("", 0, "a comparison such as fid<20"), ("fid", 3, "one of < <= > >= = != ~"), ("fid<", 4, "a value"), ("fid<abc", 4, "a number behind <"), ("fid<20 game=x", 7, "'and', 'or' or the end"), ("(fid<20", 7, "')'"),
        ("fid<20)", 6, "'and', 'or' or the end"), ("and fid<2", 0, "the name of a field, such as game, tag or fid"), ("fid<2 and", 9, "a comparison such as fid<20"), ("name='a", 5, "a closing ' for this one"), ("fid ! 3", 4, "one of < <= > >= = != ~"),
    ]) func wrongConditionsSayWhere(_ text: String, _ position: Int, _ expected: String) {
        #expect(throws: TrackingError.badCondition(text, position: position, expected: expected)) { try RunCondition(text) }
    }

    @Test func nestingHasAnEnd() {
        #expect(throws: TrackingError.self) { try RunCondition(String(repeating: "(", count: 100_000) + "a=1") }
    }

    @Test func rowsAreSortedAndMissingOnesComeLast() {
        let rows = [summary("b", fid: 20), summary("c"), summary("a", fid: 100), summary("d", fid: 3)]
        #expect(RunTable.sorted(rows, by: "fid").map(\.run.name) == ["d", "b", "a", "c"])
        #expect(RunTable.sorted(rows, by: "-fid").map(\.run.name) == ["a", "b", "d", "c"])
        #expect(RunTable.sorted(rows, by: "name").map(\.run.name) == ["a", "b", "c", "d"])
    }

    @Test func numbersOfDifferentSettingsAreSaid() {
        var rows = [summary("a", fid: 20), summary("b", fid: 21)]
        rows[0].last["fid"]?.identity = ["network": "x", "fake_images_sha256": "1"]
        rows[1].last["fid"]?.identity = ["network": "x", "fake_images_sha256": "2"]
        #expect(!RunTable(rows).text.contains("note:") && !RunComparison(rows).text.contains("note:"))
        rows[1].last["fid"]?.identity = ["network": "y"]
        // The first says nothing of its network, and hides no difference of the others.
        rows.insert(summary("c", fid: 22), at: 0)
        #expect(RunTable(rows).text.contains("not to be compared: fid"))
        #expect(RunComparison(rows).text.contains("fid was made under different settings (network x and y)"))
    }
}
