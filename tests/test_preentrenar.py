"""El preentrenamiento: se reanuda con la misma curva y rechaza un corpus malo."""

import gzip
import json
import subprocess
import sys

import pytest

from herramientas.archivos import RAIZ

CHICO = (
    "--vocabulario 320 --ancho 128 --intermedio 128 --capas 1 --lote 4 --largo 32 "
    "--cada 4 --copias 4 --sin-compilar"
).split()


def correr(corpus, salida, tokens, *mas):
    """Lanza el programa; devuelve el proceso terminado."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "herramientas.semilla.preentrenar",
            *("--corpus", str(corpus), "--salida", str(salida)),
            *("--tokens", str(tokens), *CHICO, *mas),
        ],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    carpeta = tmp_path_factory.mktemp("corpus")
    parrafo = (
        "La lluvia llegó al valle y los ríos crecieron hasta la orilla del pueblo. "
    )
    for fuente in ("cuentos", "normas"):
        with gzip.open(carpeta / f"{fuente}.jsonl.gz", "wt", encoding="utf-8") as f:
            for i in range(6):
                texto = f"{fuente} {i}. " + parrafo * (12 + i)
                f.write(json.dumps({"texto": texto}, ensure_ascii=False) + "\n")
    return carpeta


@pytest.fixture(scope="module")
def anterior(corpus, tmp_path_factory):
    """La salida de un entrenamiento de 40 pasos, del que otros heredan."""
    salida = tmp_path_factory.mktemp("anterior")
    fin = correr(corpus, salida, 40 * 128)
    assert fin.returncode == 0, fin.stderr[-800:]
    return salida


def curva(salida):
    lineas = (salida / "historial.jsonl").read_text().splitlines()
    return {d["paso"]: d["perdida"] for d in map(json.loads, lineas)}


@pytest.mark.lento
def test_reanudar_sigue_la_misma_curva(corpus, tmp_path):
    """El mismo entrenamiento de 12 pasos, de una vez y cortado en el 8."""
    seguido = correr(corpus, tmp_path / "a", 12 * 128, "--enfriado", "0.3")
    assert seguido.returncode == 0, seguido.stderr[-800:]
    assert (tmp_path / "a" / "modelo" / "model.safetensors").exists()
    entera = curva(tmp_path / "a")
    import torch

    punto = torch.load(tmp_path / "a" / "punto.pt", weights_only=True)
    assert punto["paso"] == 12 and len(entera) == 12
    # segundo recorrido: se corta tras el punto de control del paso 8
    b = tmp_path / "b"
    guion = (
        "import sys, runpy, torch; sys.argv = ['x'] + sys.argv[1:]\n"
        "from herramientas.semilla import preentrenar as p\n"
        "guardar = p.guardar_punto\n"
        "def cortar(salida, paso, *r):\n"
        "    guardar(salida, paso, *r)\n"
        "    if paso == 8: raise KeyboardInterrupt\n"
        "p.guardar_punto = cortar\n"
        "p.main()\n"
    )
    orden = ["--corpus", str(corpus), "--salida", str(b), "--tokens", str(12 * 128)]
    cortado = subprocess.run(
        [sys.executable, "-c", guion, *orden, *CHICO],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert cortado.returncode != 0 and (b / "punto.pt").exists()
    reanudado = correr(corpus, b, 12 * 128, "--enfriado", "0.3")
    assert reanudado.returncode == 0, reanudado.stderr[-800:]
    assert "Reanudo en el paso 8" in reanudado.stdout
    partida = curva(b)
    assert partida.keys() == entera.keys()
    assert all(abs(partida[k] - entera[k]) < 1e-3 for k in entera)


def test_linea_mala_dice_archivo_y_numero(tmp_path):
    with gzip.open(tmp_path / "malo.jsonl.gz", "wt", encoding="utf-8") as f:
        f.write('{"texto": "bien"}\n{"texto": \n')
    fin = correr(tmp_path, tmp_path / "salida", 1000)
    assert fin.returncode != 0
    assert "malo.jsonl.gz, línea 2" in fin.stderr


def test_carpeta_sin_corpus(tmp_path):
    fin = correr(tmp_path, tmp_path / "salida", 1000)
    assert fin.returncode != 0 and "No hay archivos .jsonl.gz" in fin.stderr


@pytest.mark.lento
def test_hereda_los_pesos_de_otro_tokenizador(corpus, anterior, tmp_path):
    """El segundo tramo empieza mejor que desde cero y suma lo que costó el primero."""
    desde = ("--desde", str(anterior))
    con = correr(corpus, tmp_path / "b", 4 * 128, "--vocabulario", "400", *desde)
    assert con.returncode == 0, con.stderr[-800:]
    sin = correr(corpus, tmp_path / "c", 4 * 128, "--vocabulario", "400")
    assert sin.returncode == 0, sin.stderr[-800:]
    assert curva(tmp_path / "b")[0] < curva(tmp_path / "c")[0]
    informe = json.loads((tmp_path / "b" / "semilla.json").read_text())
    assert informe["ajustes"]["pasos_heredados"] == 40
    otra = correr(corpus, tmp_path / "d", 4 * 128, "--ancho", "256", *desde)
    assert otra.returncode != 0 and "otra forma" in otra.stderr


@pytest.mark.lento
def test_hereda_un_modelo_exportado(corpus, anterior, tmp_path):
    """Quien no tiene los puntos de control parte del modelo que viene en el paquete."""
    con = correr(corpus, tmp_path / "b", 4 * 128, "--desde", str(anterior / "modelo"))
    assert con.returncode == 0, con.stderr[-800:]
    assert curva(tmp_path / "b")[0] < curva(anterior)[0]
    informe = json.loads((tmp_path / "b" / "semilla.json").read_text())
    assert informe["ajustes"]["pasos_heredados"] == 40
    vacia = correr(corpus, tmp_path / "c", 128, "--desde", str(tmp_path))
    assert vacia.returncode != 0 and "No hay pesos" in vacia.stderr


def test_el_manual_no_trae_lo_que_ensena_el_ajuste():
    """Los encargos sobre verbos no escriben ninguna forma de vos ni de usted."""
    from herramientas.semilla.datos import manual_de_verbos
    from taller import conjugar
    from taller.verbos.conjugacion import TIEMPOS

    manual = manual_de_verbos()
    assert {persona for persona, _ in manual} == {"tú", "ellos"}
    assert len(manual["tú", "presente"]) > 800
    for (_, tiempo), formas in manual.items():
        assert not {"ser", "ir", "haber"} & formas.keys()
        for verbo, forma in formas.items():
            assert forma not in {conjugar(verbo, "usted", t) for t in TIEMPOS}
            if conjugar(verbo, "vos", tiempo) != conjugar(verbo, "tú", tiempo):
                assert forma != conjugar(verbo, "vos", tiempo)
            assert forma != conjugar(verbo, "vos", "imperativo")
