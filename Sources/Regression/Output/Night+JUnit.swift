import Reports

extension Night {
    /// JUnit XML, valid against Windy Road's `JUnit.xsd` (github.com/windyroad/JUnit-Schema), which describes Ant's and is the strictest in use.
    ///
    /// A test for each metric of each case. A regression, a drift and an improvement are failures of that type: each wants somebody to do something. What could not be compared is an error.
    public var junit: String {
        var tests = lines.filter { $0.line.judgement != nil || isUpdate }.map { name, line in
            let verdict = isUpdate ? .unchanged : line.judgement?.verdict ?? .unchanged
            return Test(name: line.measured.metric, of: "\(suite).\(name)", verdict == .unchanged ? nil : (true, verdict.rawValue, "\(line.measured.title) \(line.short)", line.words))
        }
        for problem in problems {
            let test = Test(name: problem.metric ?? "comparison", of: "\(suite).\(problem.name)", (false, problem.kind.rawValue, problem.detail, problem.text))
            // A test stands there once, whatever else is wrong with it.
            if let index = tests.firstIndex(where: { $0.name == test.name && $0.owner == test.owner }) { tests[index].add(problem.detail) } else { tests.append(test) }
        }
        let failures = tests.count { $0.outcome?.isFailure == true }, errors = tests.count { $0.outcome?.isFailure == false }
        let properties = [("outcome", outcomeName), ("label", label ?? ""), ("baseline", baseline?.date ?? "")].map { "      <property name=\"\($0.0)\" value=\"\(Markup.escaped($0.1))\"/>\n" }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites>
              <testsuite id="0" package="gan-eval" name="\(Markup.escaped(suite))" timestamp="\(Markup.escaped(String(date.prefix(19))))" hostname="localhost" tests="\(tests.count)" failures="\(failures)" errors="\(errors)" time="0">
                <properties>
            \(properties.joined())    </properties>
            \(tests.map(\.xml).joined())    <system-out>\(Markup.escaped(summary))</system-out>
                <system-err>\(Markup.escaped(notes.joined(separator: "; ")))</system-err>
              </testsuite>
            </testsuites>

            """
    }

    /// One test.
    private struct Test {
        let name: String, owner: String
        private(set) var outcome: (isFailure: Bool, type: String, message: String, text: String)?

        init(name: String, of owner: String, _ outcome: (isFailure: Bool, type: String, message: String, text: String)?) { (self.name, self.owner, self.outcome) = (name, owner, outcome) }

        mutating func add(_ message: String) { outcome?.message += "; " + message }

        var xml: String {
            let opening = "    <testcase name=\"\(Markup.escaped(name))\" classname=\"\(Markup.escaped(owner))\" time=\"0\""
            guard let outcome else { return opening + "/>\n" }
            let kind = outcome.isFailure ? "failure" : "error"
            return "\(opening)>\n      <\(kind) type=\"\(Markup.escaped(outcome.type))\" message=\"\(Markup.escaped(outcome.message))\">\(Markup.escaped(outcome.text))</\(kind)>\n    </testcase>\n"
        }
    }
}
