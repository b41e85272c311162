"""Reads exported runs with TensorBoard's and MLflow's own code and compares them with the run's JSON.

usage: read_back.py RUN.json BOARDS MLRUNS
"""

import json
import math
import os
import sys

import mlflow
import numpy
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.util import tensor_util

run_path, boards, mlruns = sys.argv[1:]
run = json.loads(open(run_path).read())
points = {(s["kind"] + "/" + s["name"]): s["points"] for s in run["series"]}
assert len(points) > 5 and "measurement/fid" in points, points.keys()


def check_tensorboard():
    events = EventAccumulator(os.path.join(boards, run["name"]), size_guidance={"tensors": 0})
    events.Reload()
    for tag, expected in points.items():
        found = events.Tensors(tag)
        assert events.SummaryMetadata(tag).plugin_data.plugin_name == "scalars"
        assert [e.step for e in found] == [p["step"] for p in expected], tag
        for event, point in zip(found, expected):
            value = float(tensor_util.make_ndarray(event.tensor_proto))
            assert value == numpy.float32(point.get("value", math.nan)), (tag, value, point)
            assert abs(event.wall_time - point["time"]) < 1e-3, tag
    picture = tensor_util.make_ndarray(events.Tensors("samples")[0].tensor_proto)
    assert picture[2].startswith(b"\x89PNG") and int(picture[0]) > 0 and int(picture[1]) > 0
    assert tensor_util.make_ndarray(events.Tensors("run/note")[0].tensor_proto)[0] == b"a note"

    def plugin(tag):
        return plugin_data_pb2.HParamsPluginData.FromString(events.SummaryMetadata(tag).plugin_data.content)

    session = plugin("_hparams_/session_start_info").session_start_info
    for name, value in run["configuration"].items():
        setting = session.hparams[name]
        number = setting.WhichOneof("kind") == "number_value"
        assert (setting.number_value == float(value)) if number else (setting.string_value == value), name
    experiment = plugin("_hparams_/experiment").experiment
    assert {h.name for h in experiment.hparam_infos} == set(run["configuration"])
    assert [m.name.tag for m in experiment.metric_infos] == ["measurement/fid"]
    assert plugin("_hparams_/session_end_info").session_end_info.status == 1
    print(f"TensorBoard {__import__('tensorboard').__version__}: {len(points)} curves, {len(session.hparams)} hyperparameters, the samples and the note are as in the store")


def check_mlflow():
    mlflow.set_tracking_uri("file://" + os.path.abspath(mlruns))
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name("gan-eval")
    (found,) = client.search_runs([experiment.experiment_id], filter_string="tags.`tag.exported` = 'true'")
    assert found.info.run_name == run["name"] and found.info.status == "FINISHED"
    assert experiment.creation_time == found.info.start_time and found.data.tags["gan-eval.command"] == run["command"]
    assert found.data.params == {k: v for k, v in run["configuration"].items() if v}
    for tag, expected in points.items():
        history = sorted(client.get_metric_history(found.info.run_id, tag), key=lambda m: m.step)
        assert [m.step for m in history] == [p["step"] for p in expected], tag
        for metric, point in zip(history, expected):
            value = point.get("value", math.nan)
            assert metric.value == value or math.isnan(value) and math.isnan(metric.value), tag
    names = {a.path for a in client.list_artifacts(found.info.run_id)}
    assert "config.yaml" in names and any(n.endswith(".png") for n in names) and "evaluation-1.json" in names, names
    result = json.loads(run["evaluations"][0]["report"])["results"][1]
    assert found.data.metrics["evaluation/kid"] == result["value"]
    print(f"MLflow {mlflow.__version__}: {len(points)} metrics, {len(found.data.params)} parameters and {len(names)} artifacts are as in the store")


check_tensorboard()
check_mlflow()
