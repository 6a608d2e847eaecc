"""What SpiffWorkflow 3.2.0 runs when nobody switches it off; each in a process of its own."""

from __future__ import annotations

from tests.engine.probes.trying import untouched

SETUP = """
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
"""


def test_the_stock_environment_is_eval_and_exec() -> None:
    code = SETUP + "print(TaskDataEnvironment().evaluate(\"__import__('os').getcwd() != ''\", {}))"
    assert untouched(code) == "True"


def test_safe_globals_are_no_cage() -> None:
    code = SETUP + (
        "env = TaskDataEnvironment({'__builtins__': {}})\n"
        'print(env.evaluate("len.__class__ if 0 else [c for c in ().__class__.__base__.__subclasses__() '
        "if c.__name__ == 'Popen' or c.__name__ == '_wrap_close'] != []\", {}))"
    )
    assert untouched(code) == "True"


def test_the_stock_engine_is_back_after_a_reload() -> None:
    code = """
    from io import BytesIO
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

    class Mine(PythonScriptEngine):
        pass

    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(b'''<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
      <process id="p" isExecutable="true"><startEvent id="s"/><userTask id="u"/><endEvent id="e"/>
      <sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="e"/>
      </process></definitions>'''))
    workflow = BpmnWorkflow(parser.get_spec("p"), script_engine=Mine())
    serializer = BpmnWorkflowSerializer()
    again = serializer.deserialize_json(serializer.serialize_json(workflow))
    print(type(workflow.script_engine).__name__, type(again.script_engine).__name__)
    print(type(again.script_engine.environment).__name__)
    """
    assert untouched(code) == "Mine PythonScriptEngine\nTaskDataEnvironment"


def test_loading_an_old_format_evals() -> None:
    code = """
    import inspect
    from SpiffWorkflow.bpmn.serializer.migration import version_1_2, version_migration
    print("eval(" in inspect.getsource(version_1_2), sorted(version_migration.MIGRATIONS))
    """
    assert untouched(code) == "True ['1.0', '1.1', '1.2', '1.3', '1.4']"


def test_correlations_bypass_the_script_engine() -> None:
    code = """
    import inspect
    from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition as M
    from SpiffWorkflow.bpmn.specs.bpmn_process_spec import AdHocSubprocessSpec as A
    print("script_engine.environment.evaluate" in inspect.getsource(M.calculate_correlations))
    print("script_engine.environment.evaluate" in inspect.getsource(A.path_complete))
    """
    assert untouched(code) == "True\nTrue"


def test_call_service_hides_the_real_error_behind_a_name_error() -> None:
    code = SETUP + (
        "try:\n    PythonScriptEngine().call_service(type('T', (), {'data': {}})())\n"
        "except NameError as error:\n    print(error)\n"
    )
    assert "script" in untouched(code)
