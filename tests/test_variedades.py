"""Prueba los pares de variedades, su puntuación y sus tareas de lm_eval."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest
import yaml
from parecidos import parecidos

from herramientas.datos import armar_variedades, contar_variedades, pisos
from taller import pares as modulo
from taller.conjuntos.variedades import (
    CANARIO,
    CARPETA,
    GRUPOS,
    PARTICIONES,
    PISTAS,
    construir_variedades,
    sin_pronombre,
    solo_pronombre,
)
from taller.errores import ErrorDelTaller
from taller.pares import puntuar_pares, resumir
from taller.recursos import ruta_semilla
from taller.verbos.conjugacion import conjugar

TAREAS = CARPETA.parents[1] / "lm_eval"
LETRAS = {
    "espejo": "a-zñáéíóúü",
    "agramatical": "a-zñáéíóúü",
    "menos_usual": "a-zñáéíóúü",
    "portugues": "a-zçáéíóúâêôãõà",
}
FILA = {
    "id": "voseo-001",
    "tipo": "agramatical",
    "fenomeno": "voseo",
    "zonas": ["AR"],
    "buena": "Vos cantás.",
    "mala": "Vos canta.",
    "marco": "voseo-m01",
    "regla": "Con vos, el presente lleva la forma voseante.",
    "fuente": "sin contrastar",
    "canario": CANARIO,
}


@pytest.fixture(scope="module")
def datos() -> dict[str, list[dict]]:
    return construir_variedades()


@pytest.fixture(scope="module")
def todos(datos) -> list[dict]:
    return [par for filas in datos.values() for par in filas]


# --- Los datos ----------------------------------------------------------------------


def test_tamanos(datos, todos):
    assert list(datos) == ["agramatical", "menos_usual", "portugues", "espejo"]
    assert len(datos["agramatical"]) + len(datos["menos_usual"]) >= 600
    assert len(datos["portugues"]) >= 60
    for parte in ("espejo", "agramatical", "menos_usual"):
        veces = Counter(par["fenomeno"] for par in datos[parte])
        assert set(veces) == set(PARTICIONES[parte][1])
        assert min(veces.values()) >= 40, veces
    por_marco = Counter(par["marco"] for par in todos)
    assert max(por_marco.values()) <= 3
    assert all(par["marco"].startswith(par["fenomeno"] + "-m") for par in todos)
    assert all(re.fullmatch(par["fenomeno"] + r"-\d{3}", par["id"]) for par in todos)


def test_cada_fenomeno_en_espejo_alcanza(datos):
    """Doscientos pares o más, y un tercio sin el pronombre pegado al verbo."""
    por_fenomeno = {}
    for par in datos["espejo"]:
        por_fenomeno.setdefault(par["fenomeno"], []).append(par["pista"])
    for fenomeno, pistas in por_fenomeno.items():
        assert len(pistas) >= 200, fenomeno
        assert set(pistas) == set(PISTAS)
        assert sum(p != "junto" for p in pistas) / len(pistas) >= 1 / 3, fenomeno


def test_cada_fenomeno_esta_en_un_grupo():
    nombres = [f for _, fenomenos, _ in PARTICIONES.values() for f in fenomenos]
    agrupados = [f for grupo in GRUPOS.values() for f in grupo]
    assert sorted(nombres) == sorted(agrupados)


def _palabras_cambiadas(par: dict) -> int:
    uno, otro = par["buena"].split(), par["mala"].split()
    cambios = SequenceMatcher(None, uno, otro, autojunk=False).get_opcodes()
    return sum(
        max(a2 - a1, b2 - b1) for que, a1, a2, b1, b2 in cambios if que != "equal"
    )


def test_las_dos_oraciones_solo_difieren_en_el_fenomeno(datos):
    for parte, filas in datos.items():
        tope = 4 if parte == "menos_usual" else 1
        for par in filas:
            assert 1 <= _palabras_cambiadas(par) <= tope, par
            signos = [re.sub(r"[\w\s]", "", par[lado]) for lado in ("buena", "mala")]
            assert signos[0] == signos[1], par


def test_las_oraciones_estan_bien_escritas(datos):
    for parte, filas in datos.items():
        for par in filas:
            for texto in (par["buena"], par["mala"]):
                assert re.fullmatch(f"[{LETRAS[parte]} ,.:¿?]+", texto.lower()), texto
                assert "  " not in texto and texto == texto.strip()
                assert texto[-1] in ".?" and texto.lstrip("¿")[0].isupper(), texto
                if parte != "portugues":
                    assert texto.count("¿") == texto.count("?"), texto
            assert par["regla"].endswith("."), par


def test_ningun_par_repetido_ni_casi(datos):
    for filas in datos.values():
        veces = Counter(frozenset((par["buena"], par["mala"])) for par in filas)
        assert max(veces.values()) == 1
        marcos = {par["id"]: par["marco"] for par in filas}
        oraciones = {par["id"]: par["buena"] for par in filas}
        casi = [
            (uno, otro)
            for uno, otro, _ in parecidos(oraciones, 0.5)
            if marcos[uno] != marcos[otro]
        ]
        assert not casi, casi


def test_ninguna_oracion_es_buena_y_mala_en_la_misma_zona(todos):
    """El mismo texto puede ser de otro país, pero no contradecirse en uno."""
    buenas = {(z, par["buena"]): par["id"] for par in todos for z in par["zonas"]}
    for par in todos:
        for zona in par["zonas"]:
            assert (zona, par["mala"]) not in buenas, (par, zona)


def _cambio(par: dict) -> tuple[str, str]:
    """Lo que cambia de una oración a otra: (en la buena, en la mala)."""
    uno, otro = par["buena"].split(), par["mala"].split()
    antes, tope = 0, min(len(uno), len(otro))
    while uno[antes] == otro[antes]:
        antes += 1
    despues = 0
    while despues < tope - antes and uno[-despues - 1] == otro[-despues - 1]:
        despues += 1
    return tuple(" ".join(p[antes : len(p) - despues]) for p in (uno, otro))


def test_las_preferencias_van_en_espejo(datos):
    """Preferir siempre la misma forma da la mitad de los aciertos, ni uno más."""
    marcos: dict[str, list[dict]] = {}
    for par in datos["menos_usual"]:
        marcos.setdefault(par["marco"], []).append(par)
    for uno, otro in marcos.values():
        assert _cambio(uno) == _cambio(otro)[::-1], (uno, otro)
        assert not set(uno["zonas"]) & set(otro["zonas"]), (uno, otro)


def test_en_espejo_cada_forma_es_buena_una_vez_y_mala_otra(datos):
    """Las mismas dos formas, cambiadas: elegir sin leer da justo la mitad."""
    marcos: dict[str, list[dict]] = {}
    for par in datos["espejo"]:
        marcos.setdefault(par["marco"], []).append(par)
    for uno, otro in marcos.values():
        assert _cambio(uno) == _cambio(otro)[::-1], (uno, otro)
        assert uno["zonas"] == otro["zonas"] and uno["pista"] == otro["pista"]
        assert uno["buena"] != otro["mala"] and uno["mala"] != otro["buena"]


def test_en_voseo_la_forma_de_vos_no_es_tambien_de_tu():
    """Si «das» vale con vos y con tú, el par no dice nada del voseo."""
    for quienes, _, _, texto in armar_variedades.leer("voseo"):
        verbo = re.search(r"\[(.+?)\]", texto)[1]
        if quienes.startswith("vos/"):
            assert conjugar(verbo, "vos") != conjugar(verbo, "tú"), texto


def test_los_pares_salen_de_los_marcos(datos):
    for parte, filas in armar_variedades.armar().items():
        fenomenos = {fila["fenomeno"] for fila in filas}
        suyas = [f for f in datos[parte] if f["fenomeno"] in fenomenos]
        assert suyas == filas, "corre python -m herramientas.datos.armar_variedades"


@pytest.mark.parametrize(
    ("marco", "esperado"),
    [
        (("vos/usted", "{S}, si llueve, [quedarse]."),
         ("Vos, si llueve, te quedás.", "Vos, si llueve, te queda.")),
        (("usted/ustedes", "¿Ya [cenar.pretérito] {S}?"),
         ("¿Ya cenó usted?", "¿Ya cenaron usted?")),
        (("chileno/ustedes", "Y {S} [tener] {tu/su} pan."),
         ("Y tú tenís tu pan.", "Y tú tienen tu pan.")),
    ],
)  # fmt: skip
def test_un_marco_se_llena_como_dice(marco, esperado):
    quienes, texto = marco
    personas = quienes.split("/")
    dos = [armar_variedades._llenar(texto, personas, 0, v, False)[0] for v in (0, 1)]
    assert tuple(dos) == esperado


def test_las_ordenes_y_los_encliticos_tambien():
    def armar(texto):
        dos = [
            armar_variedades._llenar(texto, ["tú", "usted"], s, s, True) for s in (0, 1)
        ]
        return tuple(oracion for oracion, _ in dos)

    assert armar("{sentarse} y [decir+me].") == (
        "Siéntate y dime.",
        "Siéntese y dígame.",
    )
    assert armar("{S} no [gritar.no].") == ("Tú no grites.", "Usted no grite.")


@pytest.mark.parametrize(
    ("con", "sin"),
    [
        ("Vos, con ese frío, salís.", "Con ese frío, salís."),
        ("Si vos querés, voy.", "Si querés, voy."),
        ("¿Ustedes vienen o no?", "¿Vienen o no?"),
        ("Eso lo decidís vos, no la junta.", "Eso lo decidís, no la junta."),
        ("¿Cuándo sale usted?", "¿Cuándo sale?"),
        ("Te quejás de todo.", "Te quejás de todo."),
        ("Ese voseo es tuyo.", "Ese voseo es tuyo."),
    ],
)
def test_sin_pronombre_quita_solo_el_sujeto(con, sin):
    assert sin_pronombre({"buena": con, "mala": con})["buena"] == sin


def test_donde_solo_el_pronombre_decide_sin_el_no_queda_pista(datos):
    marcos = solo_pronombre(datos["espejo"])
    veces = Counter(uno["fenomeno"] for uno, _ in marcos)
    assert min(veces.values()) >= 60 and len(veces) == 4, veces
    for uno, otro in marcos:
        sin_uno, sin_otro = sin_pronombre(uno), sin_pronombre(otro)
        assert sin_uno["buena"] == sin_otro["mala"], uno
        assert sin_uno["buena"] != uno["buena"], uno
        assert uno["pista"] != "tácito"


def test_los_pisos_de_lo_que_se_promedia_no_pasan_de_sesenta():
    cifras = json.loads(contar_variedades.CIFRAS.read_text(encoding="utf-8"))
    for nombre, c in contar_variedades.en_el_total(cifras).items():
        for regla, piso in c["pisos"].items():
            assert piso is None or piso <= 0.6, (nombre, regla, piso)
        if nombre.startswith("espejo"):
            assert set(c["pisos"].values()) == {0.5}, nombre


def test_los_pisos_ven_lo_que_delata():
    """Una regla ciega acierta todo si la buena es siempre de la misma persona."""
    lados = [("amás", "ama"), ("tenés", "tiene"), ("cantás", "canta"), ("leés", "lee")]
    pares = [
        {"buena": f"Vos {b} eso.", "mala": f"Vos {m} eso.", "marco": str(i)}
        for i, (b, m) in enumerate(lados)
    ]
    assert pisos.terminaciones(pares) == [1, 1, 1, 1]
    assert pisos.largo(pares) == [1, 0.5, 1, 1]
    veces = {"ama": 9, "tiene": 9, "cantás": 2}
    assert pisos.frecuencia(pares, veces) == [0, 0, 1, 0.5]


def test_las_frecuencias_son_de_las_palabras_de_hoy(todos):
    guardadas = json.loads(pisos.FRECUENCIAS.read_text(encoding="utf-8"))
    hoy = {p for par in todos for lado in pisos.cambio(par) for p in lado}
    assert hoy <= set(guardadas["veces"]), "corre python -m herramientas.datos.pisos"
    assert guardadas["palabras"] > 1_000_000


def test_el_largo_no_delata_la_respuesta(datos):
    """Elegir siempre la oración más corta, o la más larga, no debe bastar."""
    for parte, filas in datos.items():
        for compara in (int.__lt__, int.__gt__):
            bien = sum(compara(len(p["buena"]), len(p["mala"])) for p in filas)
            assert bien / len(filas) <= 0.6, parte


@pytest.mark.parametrize(
    ("cambio", "mensaje"),
    [
        ({"zonas": ["XX"]}, "línea 2: no conozco la zona «XX»"),
        ({"zonas": []}, "línea 2: «zonas» debe ser una lista de textos"),
        ({"zonas": "AR"}, "línea 2: «zonas» debe ser una lista de textos"),
        ({"zonas": ["AR", "AR"]}, "línea 2: hay una zona repetida"),
        ({"fenomeno": "lexico"}, "línea 2: no conozco el fenómeno «lexico»"),
        ({"tipo": "menos_usual_en"}, "línea 2: el tipo «menos_usual_en» no va"),
        ({"mala": "Vos cantás."}, "línea 2: las dos oraciones son iguales"),
        ({"mala": "  "}, "línea 2: «mala» debe ser un texto"),
        ({"mala": "Vos canta\u0301s."}, "línea 2: «mala» no está en NFC"),
        ({"buena": 3}, "línea 2: «buena» debe ser un texto"),
        ({"canario": "otro"}, "línea 2: el canario no es el de este conjunto"),
        ({"id": "voseo-001"}, "línea 2: el id «voseo-001» ya está"),
        (None, "línea 2: no es JSON válido"),
    ],
)
def test_un_archivo_danado_se_nombra_con_su_linea(tmp_path, cambio, mensaje):
    segunda = FILA | {"id": "voseo-002"} | (cambio or {})
    lineas = [json.dumps(fila, ensure_ascii=False) for fila in (FILA, segunda)]
    if cambio is None:
        lineas[1] = lineas[1][:-5]
    ruta = tmp_path / "agramatical.jsonl"
    ruta.write_text("\n".join(lineas), encoding="utf-8")
    with pytest.raises(ErrorDelTaller, match=rf"agramatical\.jsonl, {mensaje}"):
        construir_variedades(tmp_path)


def test_la_ficha_y_sus_cifras_estan_al_dia():
    programa = contar_variedades
    cifras = programa.contar()
    aviso = "Corre: python -m herramientas.datos.contar_variedades"
    assert json.loads(programa.CIFRAS.read_text(encoding="utf-8")) == cifras, aviso
    ficha = programa.FICHA.read_text(encoding="utf-8")
    for tabla in programa.tablas(cifras).values():
        assert tabla in ficha, aviso
    assert CANARIO in ficha


def test_una_ficha_sin_marcas_no_se_toca(tmp_path):
    from herramientas.datos import fichas

    (tmp_path / "book").mkdir()
    cifras, ficha = fichas.cifras_y_ficha("nada", tmp_path)
    ficha.write_text("# Ficha", encoding="utf-8")
    with pytest.raises(SystemExit, match="No encuentro dónde va la tabla"):
        fichas.poner_al_dia("nada", {}, {"": "| a |"}, tmp_path)
    assert not cifras.exists()


# --- La puntuación ------------------------------------------------------------------


@pytest.fixture(scope="module")
def semilla():
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    ruta = ruta_semilla()
    modelo = AutoModelForCausalLM.from_pretrained(ruta, dtype=torch.float32)
    return modelo.eval(), AutoTokenizer.from_pretrained(ruta)


def test_la_puntuacion_suma_token_por_token(semilla):
    import torch

    modelo, tokenizador = semilla
    par = {"buena": "La casa es blanca.", "mala": "La casa es blanco, creo yo."}
    [puntos] = puntuar_pares(modelo, tokenizador, [par])
    for lado, punto in zip(("buena", "mala"), puntos, strict=True):
        codigos = tokenizador.encode(par[lado], add_special_tokens=False)
        ids = [tokenizador.bos_token_id, *codigos]
        with torch.no_grad():
            logps = modelo(torch.tensor([ids])).logits[0].log_softmax(-1)
        a_mano = sum(logps[i, codigo].item() for i, codigo in enumerate(codigos))
        assert punto == pytest.approx(a_mano, abs=1e-3)


def test_el_lote_y_el_relleno_no_cambian_los_puntos(semilla, todos):
    modelo, tokenizador = semilla
    muestra = todos[::120]
    de_a_una = puntuar_pares(modelo, tokenizador, muestra, lote=1)
    juntas = puntuar_pares(modelo, tokenizador, muestra, lote=32)
    for una, otra in zip(de_a_una, juntas, strict=True):
        assert una == pytest.approx(otra, abs=1e-3)
    assert tokenizador.padding_side == "left"  # no lo toca


def test_puntua_otros_modelos_y_tokenizadores(semilla):
    """Sin token de inicio vale el de fin; el modelo vuelve a su modo."""
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    _, tokenizador = semilla
    otro = PreTrainedTokenizerFast(
        tokenizer_object=tokenizador.backend_tokenizer, eos_token="<|fin|>"
    )
    ajustes = GPT2Config(vocab_size=4096, n_embd=32, n_layer=1, n_head=2, n_positions=8)
    modelo = GPT2LMHeadModel(ajustes).train()
    par = {"id": "p1", "buena": "Vos cantás.", "mala": "Vos canta."}
    [(buena, mala)] = puntuar_pares(modelo, otro, [par])
    assert buena < 0 and mala < 0 and modelo.training
    assert puntuar_pares(modelo, otro, []) == []
    with pytest.raises(ErrorDelTaller, match="Par p1, oración mala: tiene .* tokens"):
        puntuar_pares(modelo, otro, [par | {"mala": "Vos cantás y cantás. " * 9}])
    for mala in ("", None):
        with pytest.raises(ErrorDelTaller, match="Par p1, oración mala: no hay texto"):
            puntuar_pares(modelo, otro, [par | {"mala": mala}])


def test_el_resumen_cuenta_por_celda():
    pares = [{"fenomeno": "voseo", "zonas": ["AR", "UY"]}] * 40
    pares += [{"fenomeno": "tuteo", "zonas": ["MX"]}] * 30
    pares += [{"fenomeno": "pasado", "zonas": ["AR"]}] * 29
    puntos = [(-1.0, -2.0)] * 30 + [(-2.0, -1.0)] * 9 + [(-1.0, -1.0)]  # uno empata
    puntos += [(-1.0, -2.0)] * 59
    cifras = resumir(pares, puntos)
    assert cifras["celdas"]["voseo"]["acierto"] == 0.75  # el empate está mal
    assert cifras["celdas"]["voseo"]["n"] == 40
    assert 0.59 < cifras["celdas"]["voseo"]["bajo"] < 0.75
    assert cifras["omitidas"] == {"pasado": 29}
    assert cifras["macro"] == pytest.approx((0.75 + 1) / 2)
    por_zona = resumir(pares, puntos, por="zonas")
    assert {zona: c["n"] for zona, c in por_zona["celdas"].items()} == (
        {"AR": 69, "MX": 30, "UY": 40}
    )
    por_las_dos = resumir(pares, puntos, por=("fenomeno", "zonas"))
    assert set(por_las_dos["celdas"]) == {"voseo · AR", "voseo · UY", "tuteo · MX"}
    assert resumir(pares[:3], puntos[:3])["macro"] is None


# --- lm-evaluation-harness ----------------------------------------------------------


@pytest.fixture(scope="module")
def con_lm_eval():
    """Salta la prueba si falta lm_eval; en CI, en cambio, la hace fallar."""
    if importlib.util.find_spec("lm_eval") is None:
        razon = "falta lm_eval: instálalo con pip install 'lm_eval[hf]'"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(razon)


def _configuraciones() -> list[dict]:
    """Las tareas y los grupos, sin resolver las funciones de Python."""

    class Lector(yaml.SafeLoader):
        pass

    Lector.add_constructor("!function", lambda lector, nodo: nodo.value)
    rutas = sorted((TAREAS / "variedades").glob("*.yaml"))
    return [yaml.load(ruta.read_text("utf-8"), Lector) for ruta in rutas]


def test_hay_una_tarea_por_fenomeno():
    hay = _configuraciones()
    tareas = {c["task"]: c["dataset_kwargs"] for c in hay if "dataset_kwargs" in c}
    grupos = {c["group"]: c["task"] for c in hay if "group" in c}
    assert grupos.pop("variedades") == [f"variedades_{grupo}" for grupo in GRUPOS]
    for grupo, fenomenos in GRUPOS.items():
        nombres = [f"variedades_{fenomeno}" for fenomeno in fenomenos]
        assert grupos.pop(f"variedades_{grupo}") == nombres
    assert not grupos
    for parte, (_, fenomenos, _) in PARTICIONES.items():
        for fenomeno in fenomenos:
            pedido = {"particion": parte, "fenomeno": fenomeno}
            assert tareas.pop(f"variedades_{fenomeno}") == pedido
    assert not tareas
    promedian = {c["group"] for c in hay if "aggregate_metric_list" in c}
    dentro = {f"variedades_{grupo}" for grupo in GRUPOS} - {"variedades_diagnostico"}
    assert promedian == dentro


def test_lo_que_pide_el_arnes_de_una_tarea_nueva():
    """Versión en cada pieza, y un README con cita, grupos y tareas."""
    hay = _configuraciones()
    versiones = [c["metadata"]["version"] for c in hay if "metadata" in c]
    assert set(versiones) == {1.0} and len(versiones) == 2 + len(GRUPOS)
    leeme = (TAREAS / "variedades" / "README.md").read_text(encoding="utf-8")
    assert "```bibtex" in leeme and "sin validar por hablantes" in leeme
    for grupo in GRUPOS:
        assert f"`variedades_{grupo}`" in leeme


@pytest.mark.lento
def test_lm_eval_da_lo_mismo_que_el_taller(
    con_lm_eval, semilla, datos, todos, monkeypatch
):
    """Par por par, por fenómeno y en el promedio de cada grupo."""
    from lm_eval import simple_evaluate
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager

    modelo, tokenizador = semilla
    salida = simple_evaluate(
        model=HFLM(pretrained=modelo, tokenizer=tokenizador, batch_size=16),
        tasks=["variedades"],
        task_manager=TaskManager(
            include_path=str(TAREAS.resolve()), include_defaults=False
        ),
        limit=4,
        bootstrap_iters=0,
    )
    suyos = {
        muestra["doc"]["id"]: [punto for punto, _ in muestra["filtered_resps"]]
        for muestras in salida["samples"].values()
        for muestra in muestras
    }
    assert len(suyos) == 4 * len(salida["samples"])
    nuestros = [par for par in todos if par["id"] in suyos]
    puntos = puntuar_pares(modelo, tokenizador, nuestros, lote=7)
    for par, (buena, mala) in zip(nuestros, puntos, strict=True):
        assert suyos[par["id"]] == pytest.approx([mala, buena], abs=1e-3), par["id"]
    monkeypatch.setattr(modulo, "MINIMO", 1)
    por_par = dict(zip([par["id"] for par in nuestros], puntos, strict=True))
    for filas in datos.values():
        elegidos = [par for par in filas if par["id"] in suyos]
        cifras = resumir(elegidos, [por_par[par["id"]] for par in elegidos])
        for fenomeno, celda in cifras["celdas"].items():
            suya = salida["results"][f"variedades_{fenomeno}"]["acc,none"]
            assert suya == pytest.approx(celda["acierto"])
    # `results` o `groups`, según la versión, trae también los grupos
    grupos = salida["results"] | salida.get("groups", {})
    for grupo, fenomenos in GRUPOS.items():
        elegidos = [par for par in nuestros if par["fenomeno"] in fenomenos]
        macro = resumir(elegidos, [por_par[par["id"]] for par in elegidos])["macro"]
        if grupo != "diagnostico":
            acierto = grupos[f"variedades_{grupo}"]["acc,none"]
            assert acierto == pytest.approx(macro)


def test_en_lm_eval_un_empate_tambien_esta_mal(con_lm_eval):
    from lm_eval.tasks import TaskManager

    gestor = TaskManager(include_path=str(TAREAS.resolve()), include_defaults=False)
    tarea = gestor.load(["variedades_voseo"])["tasks"]["variedades_voseo"]
    par = tarea.dataset["test"][0]
    assert tarea.doc_to_choice(par) == [par["mala"], par["buena"]]
    for mala, buena, bien in ((-2.0, -1.0, 1), (-1.0, -2.0, 0), (-1.0, -1.0, 0)):
        cifras = tarea.process_results(par, [(mala, False), (buena, False)])
        assert cifras["acc"] == bien


@pytest.mark.lento
def test_la_orden_lm_eval_corre_sin_red_desde_otra_carpeta(con_lm_eval, tmp_path):
    orden = [sys.executable, "-m", "lm_eval", "--model", "hf", "--device", "cpu"]
    orden += ["--model_args", f"pretrained={ruta_semilla()},dtype=float32"]
    orden += ["--include_path", str(Path(TAREAS).resolve()), "--tasks", "variedades"]
    orden += ["--limit", "1", "--batch_size", "8"]
    hecho = subprocess.run(orden, cwd=tmp_path, capture_output=True, text=True)
    assert hecho.returncode == 0, hecho.stderr[-2000:]
    for nombre in ("variedades_voseo", "variedades_leismo", "variedades_portugues"):
        assert nombre in hecho.stdout
