/// Numbers by step, in the order in which their names first appear.
struct ImportedNumbers {
    static let steps = ["step", "global_step", "iteration", "iter", "_step", "epoch", "cur_nimg", "nimg"], times = ["wall time", "wall_time", "time", "timestamp", "_timestamp"]
    private(set) var series: [MetricSeries] = []
    private var places: [String: Int] = [:]

    mutating func add(_ name: String, _ point: MetricPoint) {
        let place = places[name] ?? series.count
        if place == series.count {
            places[name] = place
            series.append(MetricSeries(.init(kind: "imported", name: name)))
        }
        series[place].points.append(point)
    }
}
