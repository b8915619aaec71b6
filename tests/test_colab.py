"""La primera celda en Colab, sin descargar: qué cambia, qué dice, cuándo se detiene."""

import importlib.metadata as metadatos
import json
import sys
import types
from pathlib import Path

import colab_falso
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as normalizar

from herramientas import candado
from herramientas.archivos import ADAPTADOR, RAIZ
from herramientas.cuadernos.leer import celda_instalar, extra_de, leer, proyecto, rutas
from taller import instalar, tarjetas

COLAB = colab_falso.lista()


@pytest.fixture(scope="module")
def ruedas(tmp_path_factory):
    return colab_falso.ruedas(tmp_path_factory.mktemp("ruedas"))


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    return colab_falso.entorno(tmp_path_factory.mktemp("colab") / "v", COLAB)


@pytest.fixture
def en_colab(monkeypatch, ruedas, colab):
    """`completar` frente a un Colab falso: pip resuelve de verdad y no instala."""

    class Cambios(dict):
        quitados: list = []

    cambios = Cambios()
    cambios.quitados = []

    def pip(*orden):
        if orden[0] == "uninstall":
            cambios.quitados.append(orden[-1])
            return ""
        sin_red = ["--no-index", "--find-links", str(ruedas)]
        preguntar = ["--dry-run", "--quiet", "--report", "-"]
        hecho = colab_falso.pip(colab, *orden, *sin_red, *preguntar)
        if hecho.returncode:
            return hecho.stderr.splitlines()[-1]
        for paquete in json.loads(hecho.stdout)["install"]:
            ficha = paquete["metadata"]
            cambios[normalizar(ficha["name"])] = ficha["version"]
        return ""

    def pedidos(extra=""):
        return candado.requisitos() + (candado.requisitos(extra) if extra else [])

    def instalados():
        quedan = {n: v for n, v in COLAB.items() if n not in cambios.quitados}
        return quedan | cambios

    monkeypatch.setattr(instalar, "en_una_copia", lambda: False)
    monkeypatch.setattr(instalar, "instalados", instalados)
    monkeypatch.setattr(instalar, "pedidos", pedidos)
    monkeypatch.setattr(instalar, "_pip", pip)
    monkeypatch.setattr(instalar, "en_uso", lambda antes, ahora: [])
    return cambios


NUCLEO = {
    "trl": "1.16.0",
    "bitsandbytes": "0.50.2",
    "datasets": "5.0.1",
    "pyarrow": "26.0.1",
}
CORPUS = {
    "ftfy": "6.3.1",
    "py3langid": "0.4.0",
    "datasketch": "2.0.0",
    "datatrove": "0.10.1",
    "loguru": "0.7.3",
}


def test_cambia_solo_lo_que_debe(en_colab, capsys):
    instalar.completar()
    assert en_colab == NUCLEO
    assert en_colab.quitados == ["torchao"]
    dicho = capsys.readouterr().out
    assert "datasets 4.0.0 → 5.0.1, pyarrow 18.1.0 → 26.0.1" in dicho
    assert "Quito torchao 0.10.0" in dicho
    assert dicho.endswith("Curso instalado.\n")


def test_la_02_anade_lo_suyo_y_no_trae_conflictos(en_colab, colab, tmp_path):
    instalar.completar("corpus")
    assert en_colab == NUCLEO | CORPUS
    despues = colab_falso.entorno(tmp_path / "despues", instalar.instalados())
    antes = colab_falso.conflictos(colab)
    assert any("jedi" in conflicto for conflicto in antes)  # Colab ya venía con este
    assert colab_falso.conflictos(despues) - antes == set()


def test_la_14_no_anade_nada_porque_colab_trae_gradio(en_colab):
    instalar.completar("demo")
    assert en_colab == NUCLEO
    assert COLAB["gradio"].startswith("6.")


def test_la_segunda_vez_no_llama_a_pip(en_colab, monkeypatch, capsys):
    en_colab.update(NUCLEO)
    en_colab.quitados.append("torchao")

    def prohibido(*orden):
        pytest.fail(f"llamó a pip: {orden}")

    monkeypatch.setattr(instalar, "_pip", prohibido)
    vestidas = []
    monkeypatch.setattr(instalar.figuras, "vestir", lambda: vestidas.append(1))
    instalar.completar()
    assert capsys.readouterr().out == "Curso instalado.\n"
    assert vestidas == [1]  # matplotlib pudo llegar después que taller


def test_un_rango_que_arrastra_ipywidgets_se_veria(en_colab, monkeypatch):
    """La prueba de arriba sabe fallar: con el rango de antes, la lista cambia."""
    antes = [*candado.requisitos(), Requirement("ipywidgets>=8,<9")]
    monkeypatch.setattr(instalar, "pedidos", lambda extra: antes)
    instalar.completar()
    assert en_colab["ipywidgets"] == "8.1.9"
    assert {"widgetsnbextension", "comm"} <= en_colab.keys()


def test_pip_check_sabe_ver_un_conflicto(tmp_path):
    malos = {"pyarrow": "18.1.0", "datasets": "5.0.1"}
    python = colab_falso.entorno(tmp_path / "v", malos)
    assert any("pyarrow" in c for c in colab_falso.conflictos(python))


# --- Lo que dice, y cuándo se detiene -------------------------------------------------


def test_si_pip_falla_se_detiene_con_una_frase(en_colab, monkeypatch):
    monkeypatch.setattr(instalar, "_pip", lambda *orden: "ERROR: no hay red")
    with pytest.raises(RuntimeError, match=r"revisa la conexión .*ERROR: no hay red"):
        instalar.completar()


def test_si_no_se_puede_quitar_torchao_se_detiene(monkeypatch):
    monkeypatch.setattr(instalar, "_pip", lambda *orden: "ERROR: no se puede")
    with pytest.raises(RuntimeError, match="%pip uninstall -y torchao"):
        instalar.quitar_torchao({"torchao": "0.10.0"})


@pytest.mark.parametrize("hay", [{}, {"torchao": "0.16.0"}, {"torchao": "0.18.0"}])
def test_un_torchao_que_sirve_no_se_toca(monkeypatch, hay):
    monkeypatch.setattr(instalar, "_pip", lambda *orden: pytest.fail("llamó a pip"))
    instalar.quitar_torchao(hay)


def test_si_lo_que_habia_no_combina_lo_actualiza_y_lo_dice(monkeypatch, capsys):
    ordenes = []

    def pip(*orden):
        ordenes.append(orden)
        return "ERROR: ResolutionImpossible: …" if "-c" in orden else ""

    monkeypatch.setattr(instalar, "_pip", pip)
    instalar.anadir(["trl>=1.6"], ["numpy==1.0"], ["trl>=1.6", "numpy>=2"])
    assert ordenes[1] == ("install", "trl>=1.6", "numpy>=2")
    assert "también se actualiza" in capsys.readouterr().out


def test_pide_reiniciar_si_algo_importado_cambio(en_colab, monkeypatch):
    en_colab.update(NUCLEO)
    monkeypatch.setattr(instalar, "en_uso", lambda antes, ahora: ["pyarrow"])
    with pytest.raises(RuntimeError, match=r"^Reinicia.*ya habías importado pyarrow"):
        instalar.completar()


def test_en_uso_mira_lo_importado_y_lo_cambiado(monkeypatch):
    hay = metadatos.version("packaging")
    assert instalar.en_uso({"packaging": "0.1"}, {"packaging": hay}) == ["packaging"]
    assert instalar.en_uso({"packaging": hay}, {"packaging": hay}) == []
    # Cambió, pero nadie lo importó todavía.
    modulos = {n: m for n, m in sys.modules.items() if n.split(".")[0] != "nbval"}
    monkeypatch.setattr(sys, "modules", modulos)
    assert instalar.en_uso({"nbval": "0.1"}, {"nbval": "0.2"}) == []
    # Se quitó y estaba importado.
    monkeypatch.setitem(sys.modules, "torchao", types.ModuleType("torchao"))
    assert instalar.en_uso({"torchao": "0.10"}, {}) == ["torchao"]


def test_en_una_copia_del_repositorio_no_hace_nada(monkeypatch, capsys):
    assert instalar.en_una_copia()
    monkeypatch.setattr(instalar, "instalados", lambda: pytest.fail("miró"))
    instalar.completar("corpus")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("texto", "es"),
    [
        ('[project]\nname = "taller"', True),
        ('[project]\nname = "otro"', False),
        ("[tool.ruff]", False),
        ("project = 1", False),
        ("[project", False),
        (None, False),
    ],
)
def test_el_archivo_de_otro_paquete_no_es_una_copia(monkeypatch, tmp_path, texto, es):
    """Instalado, lo que hay al lado es de los demás paquetes."""
    monkeypatch.setattr(instalar, "__file__", str(tmp_path / "taller" / "instalar.py"))
    if texto is not None:
        (tmp_path / "pyproject.toml").write_text(texto)
    assert instalar.en_una_copia() is es


def test_el_plan_conserva_los_extras():
    pedidos = [Requirement('lm-eval[hf,api]>=0.4; extra == "evaluacion"')]
    assert instalar.plan(pedidos, {}) == (["lm-eval[api,hf]>=0.4"], [])
    hay = {"lm-eval": "0.4.13"}
    assert instalar.plan(pedidos, hay) == ([], ["lm-eval==0.4.13"])


def test_pip_dice_por_que_fallo():
    assert "instalar-esto-no" in instalar._pip("instalar-esto-no")


# --- La celda -------------------------------------------------------------------------


def _celda(monkeypatch, codigo_de_pip, hay_taller):
    """Ejecuta la celda con un pip de mentira; devuelve lo que le pidió."""
    ordenes = []

    def correr(orden):
        ordenes.append(orden)
        return types.SimpleNamespace(returncode=codigo_de_pip)

    monkeypatch.setattr("subprocess.run", correr)
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda nombre: object() if hay_taller else None
    )
    codigo = celda_instalar("https://example.org/curso", "9.9.9", "corpus")
    codigo = TransformerManager().transform_cell(codigo)
    exec(compile(codigo, "instalar", "exec"), {})
    return ordenes


def test_la_celda_instala_el_paquete_si_no_esta(monkeypatch):
    [orden] = _celda(monkeypatch, 0, hay_taller=False)
    assert orden[0] == sys.executable and "--no-deps" in orden
    assert orden[-1].startswith("taller @ https://example.org/curso/archive/")
    assert orden[-1].endswith("/v9.9.9.tar.gz")


def test_la_celda_no_instala_el_paquete_si_esta(monkeypatch):
    assert _celda(monkeypatch, 0, hay_taller=True) == []


def test_la_celda_se_detiene_si_pip_falla(monkeypatch):
    with pytest.raises(RuntimeError, match="No se instaló el curso: revisa la conex"):
        _celda(monkeypatch, 1, hay_taller=False)


def test_cada_extra_lo_pide_solo_su_leccion():
    extras = {ruta.stem: extra_de(leer(ruta)) for ruta in rutas()}
    assert {n: e for n, e in extras.items() if e} == {
        "02_corpus": "corpus",
        "13_compresion": "despliegue",
        "14_demo": "demo",
        "16_escala": "escala",
    }
    assert 'completar("corpus")' in celda_instalar(*proyecto(), "corpus")
    assert "completar()" in celda_instalar(*proyecto())


# --- Dos tarjetas ---------------------------------------------------------------------


@pytest.fixture
def con_tarjetas(monkeypatch, tmp_path):
    """Un nvidia-smi de mentira que muestra las tarjetas que se le pidan."""
    for variable in (tarjetas.VARIABLE, "LOCAL_RANK"):
        monkeypatch.delenv(variable, raising=False)

    def poner(cuantas):
        lineas = "".join(f"GPU {i}: Tesla T4 (UUID: x)\n" for i in range(cuantas))
        hecho = types.SimpleNamespace(stdout=lineas)
        monkeypatch.setattr(tarjetas.shutil, "which", lambda _: "nvidia-smi")
        monkeypatch.setattr(tarjetas.subprocess, "run", lambda *a, **k: hecho)

    return poner


def test_con_dos_tarjetas_deja_una_y_lo_dice(con_tarjetas, monkeypatch):
    con_tarjetas(2)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert tarjetas.dejar_una().startswith("Hay 2 tarjetas y el curso usa una")
    assert tarjetas.os.environ[tarjetas.VARIABLE] == "0"
    assert tarjetas.dejar_una() == ""  # la segunda vez ya está puesta


def test_con_una_o_ninguna_no_toca_nada(con_tarjetas, monkeypatch):
    con_tarjetas(1)
    assert tarjetas.dejar_una() == ""
    monkeypatch.setattr(tarjetas.shutil, "which", lambda _: None)
    assert tarjetas.dejar_una() == ""
    assert tarjetas.VARIABLE not in tarjetas.os.environ


@pytest.mark.parametrize("variable", [tarjetas.VARIABLE, "LOCAL_RANK"])
def test_respeta_lo_que_ya_se_eligio(con_tarjetas, monkeypatch, variable):
    con_tarjetas(2)
    monkeypatch.setenv(variable, "1")
    assert tarjetas.dejar_una() == ""


def test_si_torch_ya_las_usa_pide_reiniciar(con_tarjetas, monkeypatch):
    con_tarjetas(2)
    cuda = types.SimpleNamespace(is_initialized=lambda: True)
    monkeypatch.setitem(sys.modules, "torch", types.SimpleNamespace(cuda=cuda))
    assert "reinicia" in tarjetas.dejar_una()
    assert tarjetas.VARIABLE not in tarjetas.os.environ


def test_un_nvidia_smi_que_falla_no_detiene_nada(con_tarjetas, monkeypatch):
    con_tarjetas(2)

    def falla(*_, **__):
        raise OSError("no se puede ejecutar")

    monkeypatch.setattr(tarjetas.subprocess, "run", falla)
    assert tarjetas.cuantas() == 0


# --- Lo que viaja ---------------------------------------------------------------------


def test_el_adaptador_solo_lleva_lo_que_conoce_peft_0_18():
    from herramientas.medidas.repetir_qlora import CLAVES

    ajustes = json.loads((ADAPTADOR / "adapter_config.json").read_text("utf-8"))
    assert set(ajustes) <= set(CLAVES)


def test_los_paquetes_de_los_controles_no_son_obligatorios():
    base = {normalizar(p.name) for p in candado.requisitos()}
    assert not base & {"ipywidgets", "ipython", "jedi", "gradio", *CORPUS}
    assert Path(instalar.__file__).is_relative_to(RAIZ)
