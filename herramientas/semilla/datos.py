"""Datos de `semilla`: lee el corpus, aparta documentos, tokeniza y arma filas.

Todo es determinista: la fila que toca en cada paso depende solo de la semilla
aleatoria y del número de paso, así que un entrenamiento reanudado ve lo mismo.
"""

from __future__ import annotations

import gzip
import random
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from tqdm import tqdm

from herramientas.archivos import razon
from taller.conjuntos.jsonl import interpretar
from taller.conjuntos.verbos_y_marcos import leer_verbos
from taller.errores import ErrorDelTaller
from taller.verbos.conjugacion import TIEMPOS, conjugar
from taller.verbos.raices import SUPLETIVOS, clase

ESPECIALES = [
    "<|relleno|>",
    "<|inicio|>",
    "<|fin|>",
    "<|sistema|>",
    "<|usuario|>",
    "<|asistente|>",
]
RELLENO, INICIO, FIN, SISTEMA, USUARIO, ASISTENTE = range(6)
FRACCION_APARTADA = 0.02
PALABRAS_DE_COPIA = 20  # las que puede tener, a lo sumo, una copia que se mide
# La terminación de una palabra de cuatro letras o más: cant-as, cant-áis, com-iste.
TERMINACION = r"(?<=\p{L}{3})(?:[ai]ste|[áé]is|[aeiouáéíóú][sn]?)(?!\p{L})"
SILABAS = (
    "ba ce di fo gu la me ni po ru sa te vi jo lla ña ché rrí tró que pra bli".split()
)
TILDES = str.maketrans("aeiouáéíóú", "áéíóúaeiou")


def leer_carpeta(carpeta: Path) -> Iterator[tuple[str, str]]:
    """Recorre los `*.jsonl.gz` de una carpeta y da pares (fuente, texto).

    Termina con una frase, con archivo y línea, si algo no se puede leer.
    """
    archivos = sorted(carpeta.glob("*.jsonl.gz"))
    if not archivos:
        raise SystemExit(f"No hay archivos .jsonl.gz en {carpeta}. Revisa --corpus.")
    for archivo in archivos:
        numero = 0
        for numero, cruda in _lineas(archivo):
            yield archivo.name.removesuffix(".jsonl.gz"), _texto(archivo, numero, cruda)
        if not numero:
            raise SystemExit(f"{archivo} no trae ningún documento. Revisa --corpus.")


def _lineas(archivo: Path) -> Iterator[tuple[int, bytes]]:
    """Las líneas de un gzip, numeradas desde 1."""
    numero = 0
    try:
        with gzip.open(archivo) as lineas:
            for numero, cruda in enumerate(lineas, 1):
                yield numero, cruda
    except (EOFError, gzip.BadGzipFile, zlib.error) as causa:
        raise SystemExit(
            f"{archivo}, después de la línea {numero}: no es un gzip, o está cortado. "
            "Vuelve a copiarlo."
        ) from causa
    except OSError as causa:
        raise SystemExit(f"No se pudo leer {archivo}: {razon(causa)}.") from causa


def _texto(archivo: Path, numero: int, cruda: bytes) -> str:
    donde = f"{archivo}, línea {numero}"
    try:
        fila = interpretar(cruda.decode("utf-8"), archivo, numero)
    except UnicodeDecodeError as causa:
        raise SystemExit(f"{donde}: no está en UTF-8. Guárdalo en UTF-8.") from causa
    except ErrorDelTaller as causa:
        raise SystemExit(str(causa)) from causa
    texto = fila.get("texto") if isinstance(fila, dict) else None
    if not isinstance(texto, str) or not texto.strip():
        raise SystemExit(f"{donde}: «texto» falta o no es un texto con algo escrito.")
    return texto


def leer_hub(conjunto: str, limite: int) -> Iterator[tuple[str, str]]:
    """Recorre en flujo un conjunto del hub («usuario/nombre:configuración»).

    Termina con una frase si no se puede leer o no trae textos.
    """
    from datasets import load_dataset

    nombre, _, configuracion = conjunto.partition(":")
    try:
        flujo = load_dataset(
            nombre, configuracion or None, split="train", streaming=True
        )
        vistos = 0
        for fila in flujo:
            texto = fila.get("text") or fila.get("texto")
            if not isinstance(texto, str):
                raise SystemExit(f"{conjunto} no tiene un campo «text» ni «texto».")
            yield nombre.split("/")[-1], texto
            vistos += len(texto)
            if vistos >= limite:
                return
    except Exception as causa:  # sin red, cada versión lanza una excepción distinta
        raise SystemExit(
            f"No se pudo leer {conjunto} del hub: revisa el nombre y la conexión."
        ) from causa


def apartar(documentos: list[tuple[str, str]], semilla: int):
    """Aparta documentos enteros: 2 % de cada fuente, uno al menos.

    Devuelve dos diccionarios fuente -> textos: (entrenamiento, apartados).
    Termina con una frase si una fuente no alcanza para entrenar y para medir.
    """
    por_fuente: dict[str, list[str]] = {}
    for fuente, texto in documentos:
        por_fuente.setdefault(fuente, []).append(texto)
    entrenamiento, apartados = {}, {}
    for fuente, textos in sorted(por_fuente.items()):
        if len(textos) == 1:
            raise SystemExit(
                f"{fuente} trae un solo documento y hacen falta dos o más: uno se "
                "aparta para medir."
            )
        orden = list(range(len(textos)))
        random.Random(f"{semilla}-{fuente}").shuffle(orden)
        corte = max(1, round(FRACCION_APARTADA * len(textos)))
        apartados[fuente] = [textos[i] for i in sorted(orden[:corte])]
        entrenamiento[fuente] = [textos[i] for i in sorted(orden[corte:])]
        if not any(len(t.split()) > PALABRAS_DE_COPIA for t in apartados[fuente]):
            raise SystemExit(
                f"Los documentos que se apartan de {fuente} son muy cortos: uno debe "
                f"pasar de {PALABRAS_DE_COPIA} palabras."
            )
    return entrenamiento, apartados


def entrenar_tokenizador(textos: dict[str, list[str]], vocabulario: int) -> Tokenizer:
    """BPE sobre octetos, con las cifras y las terminaciones aparte, sobre una muestra.

    Separar la terminación deja el mismo tema en «cantas» y «cantás»: así un verbo
    nuevo se conjuga como los demás aunque alguna de sus formas sea muy frecuente.
    """
    tok = Tokenizer(models.BPE())
    tok.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(TERMINACION), "isolated"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tok.decoder = decoders.ByteLevel()
    entrenador = trainers.BpeTrainer(
        vocab_size=vocabulario,
        special_tokens=ESPECIALES,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    trozos = [
        t[i : i + 20_000]
        for ts in textos.values()
        for t in ts
        for i in range(0, len(t), 20_000)
    ]
    random.Random(0).shuffle(trozos)
    tok.train_from_iterator(trozos[: 60_000_000 // 20_000], entrenador)
    return tok


def tokenizar(tok: Tokenizer, textos: dict[str, list[str]]) -> np.ndarray:
    """Une los documentos en un vector de uint16: <|inicio|> texto <|fin|>."""
    piezas = []
    lista = [t for ts in textos.values() for t in ts]
    for i in tqdm(range(0, len(lista), 64), desc="tokenizar", unit="lote"):
        for c in tok.encode_batch(lista[i : i + 64]):
            piezas.append(np.array([INICIO, *c.ids, FIN], dtype=np.uint16))
    return np.concatenate(piezas)


def sustituir(texto: str, vieja: str, nueva: str) -> str:
    """Cambia una palabra entera, separada por espacios, en todas sus apariciones."""
    return " ".join(nueva if p == vieja else p for p in texto.split(" "))


def manual_de_verbos() -> dict[tuple[str, str], dict[str, str]]:
    """Formas de tú y de ellos: (persona, tiempo) -> verbo del curso -> forma.

    No trae ninguna que solo sea de vos, de usted o de vosotros, ni las de ser, ir y
    haber: el modelo llega al ajuste fino sin haber visto ahí lo que debe aprender.
    Tampoco los verbos que en los datos llevan `manual` en falso: con ellos se mide qué
    hace con un verbo que nunca estudió.
    """
    manual: dict[tuple[str, str], dict[str, str]] = {}
    for fila in leer_verbos():
        verbo = fila["verbo"].removesuffix("se")
        if verbo in SUPLETIVOS or not fila.get("manual", True):
            continue
        vedadas = {conjugar(verbo, "usted", t) for t in TIEMPOS}
        for persona in ("tú", "ustedes"):
            for tiempo in TIEMPOS:
                if tiempo.startswith("imperativo"):
                    continue
                forma = conjugar(verbo, persona, tiempo)
                if forma not in vedadas:  # «canta» es de tú y también de usted
                    nombre = "ellos" if persona == "ustedes" else persona
                    manual.setdefault((nombre, tiempo), {})[verbo] = forma
    return manual


class Filas:
    """Lotes de entrenamiento: filas de texto y filas de tareas en forma de chat.

    Una fracción fija de cada lote son tareas sobre palabras de verdad: repetir un
    fragmento, cambiar en él una palabra o unas letras, deletrear, pasar a mayúsculas,
    quitar tildes. Enseñan a copiar y qué letras hay dentro de cada token. Una parte
    pregunta por verbos: su infinitivo y sus formas de tú y de ellos, como un manual;
    ninguna cambia el trato. En el repaso final son tres cuartos de las filas.
    """

    def __init__(
        self, vector, textos, tok, *, lote, largo, tareas, semilla, infinitivos=0.0
    ):
        self.vector, self.tok = vector, tok
        self.lote, self.largo, self.semilla = lote, largo, semilla
        self.por_texto = lote - round(lote * tareas)
        self.ventanas = (len(vector) - 1) // largo
        self.textos = [t for ts in textos.values() for t in ts if len(t) > 400]
        if not self.ventanas or not self.textos:
            raise SystemExit(
                f"El corpus es muy corto: hacen falta más de {largo} tokens (--largo) "
                "y un texto de más de 400 letras."
            )
        self.acumulado = np.cumsum([len(t) for t in self.textos])
        # palabras que el corpus trae varias veces, cada una con el mismo peso
        veces = Counter(
            p for t in self.textos for p in re.findall("[a-záéíóúüñ]{4,}", t)
        )
        self.lexico = sorted(p for p, n in veces.items() if n >= 8) or ["casa"]
        self.infinitivos, self.manual = infinitivos, manual_de_verbos()
        verbos = sorted({v for formas in self.manual.values() for v in formas})
        # los que cambian de raíz o de letras salen el triple: son los que cuestan
        self.verbos = [
            v for v in verbos for _ in range(1 if clase(v)[:7] == "regular" else 3)
        ]
        de_cada: dict[str, set[str]] = {}
        for formas in self.manual.values():
            for verbo, forma in formas.items():
                de_cada.setdefault(forma, set()).add(verbo)
        # una forma de dos infinitivos (sientes: sentir, sentar) no se pregunta
        self.infinitivo_de = {f: min(v) for f, v in de_cada.items() if len(v) == 1}

    def _fragmento(self, azar: random.Random) -> str:
        """Un fragmento de 2 a 24 palabras; a veces, barajado o inventado."""
        suerte, n = azar.random(), azar.randint(2, 24)
        if suerte < 0.08:
            palabras = [
                "".join(azar.choices(SILABAS, k=azar.randint(1, 4))) for _ in range(n)
            ]
            return " ".join(palabras[:12])
        i = int(
            np.searchsorted(
                self.acumulado, azar.randrange(int(self.acumulado[-1])), "right"
            )
        )
        texto = self.textos[i]
        inicio = azar.randrange(max(1, len(texto) - 400))
        trozo = " ".join(texto[inicio : inicio + 400].split())
        if suerte < 0.5:  # una oración entera, si la hay
            oraciones = [
                o
                for o in re.split(r"(?<=[.?!])\s+", trozo)[1:-1]
                if 2 <= o.count(" ") <= 24
            ]
            if oraciones:
                return azar.choice(oraciones)
        palabras = trozo.split(" ")[1 : n + 1]
        if suerte > 0.9:
            azar.shuffle(palabras)
        return " ".join(palabras)

    def _retoque(self, azar: random.Random, palabra: str) -> tuple[str, str, str]:
        """Un cambio de letras en una palabra: (letras, letras nuevas, resultado).

        Las letras aparecen una sola vez, casi siempre al final. Las nuevas salen del
        final de otra palabra o de mover una tilde, así que el resultado puede no
        existir: lo que se aprende es a escribir letra por letra, no a conjugar.
        """
        fin = len(palabra) if azar.random() < 0.7 else azar.randint(1, len(palabra))
        inicio = max(0, fin - azar.randint(1, 3))
        viejas = palabra[inicio:fin]
        if palabra.count(viejas) > 1:
            inicio, viejas = max(0, inicio - 3), palabra[max(0, inicio - 3) : fin]
        if azar.random() < 0.4:
            nuevas = viejas.translate(TILDES)
        else:
            otras = [p for p in self._fragmento(azar).split() if p.isalpha()] or ["sol"]
            nuevas = azar.choice(otras)[-azar.randint(1, 4) :]
        return viejas, nuevas, palabra[:inicio] + nuevas + palabra[fin:]

    def _trocear(self, azar: random.Random, texto: str) -> list[int]:
        """Tokens de un texto en que muchas palabras van partidas en un lugar al azar.

        «comentas» puede salir como «coment» y «as» aunque sea un solo token: así se
        aprende que las dos formas de partirla son la misma palabra.
        """
        piezas: list[str] = []
        for palabra in re.findall(r" ?[^ ]+", texto):
            corte = 0
            if len(palabra) > 4 and azar.random() < 0.5:
                corte = len(palabra) - azar.randint(1, min(4, len(palabra) - 2))
            piezas += [palabra[:corte], palabra[corte:]] if corte else [palabra]
        return [i for c in self.tok.encode_batch(piezas) for i in c.ids]

    def _de_verbos(self, azar: random.Random) -> tuple[str, str]:
        """Pregunta y respuesta sobre formas de verbos, sueltas o en un fragmento."""
        (persona, tiempo), formas = azar.choice(list(self.manual.items()))
        verbos = [v for v in azar.choices(self.verbos, k=6) if v in formas]
        verbos = (verbos or [next(iter(formas))])[: azar.randint(1, 5)]
        suerte = azar.random()
        if suerte < 0.3:
            pregunta = f"Conjuga con {persona} en {tiempo}: {', '.join(verbos)}"
            return pregunta, ", ".join(formas[v] for v in verbos)
        sueltas = [formas[v] for v in verbos if formas[v] in self.infinitivo_de]
        sueltas = sueltas or [next(iter(self.infinitivo_de))]
        if suerte < 0.6:
            respuesta = ", ".join(self.infinitivo_de[f] for f in sueltas)
            return f"Infinitivo: {', '.join(sueltas)}", respuesta
        palabras = self._fragmento(azar).split()
        presentes = [p for p in palabras if p in self.infinitivo_de]
        if not presentes or azar.random() < 0.5:
            palabras.insert(azar.randint(0, len(palabras)), sueltas[0])
            presentes = sueltas[:1]
        forma, texto = azar.choice(presentes), " ".join(palabras)
        respuesta = sustituir(texto, forma, self.infinitivo_de[forma])
        return f"Pon {forma} en infinitivo: {texto}", respuesta

    def ejemplo(self, azar: random.Random) -> list[int]:
        """Una conversación de una pregunta y una respuesta, en tokens."""
        if azar.random() < self.infinitivos:
            return self._conversar(*self._codificar(*self._de_verbos(azar)))
        suerte, fragmento = azar.random(), self._fragmento(azar)
        palabras = [p for p in fragmento.split() if p.isalpha()] or ["sí"]
        elegida = max(azar.choices(palabras, k=3), key=len)
        if suerte < 0.44:
            pregunta, respuesta = f"Repite: {fragmento}", fragmento
        elif suerte < 0.50:
            nueva = azar.choice(self._fragmento(azar).split() or ["no"])
            pregunta = f"Cambia {elegida} por {nueva}: {fragmento}"
            respuesta = sustituir(fragmento, elegida, nueva)
        elif suerte < 0.84:
            en_oracion = suerte < 0.66
            if not en_oracion:
                elegida = azar.choice(self.lexico)
            viejas, nuevas, resultado = self._retoque(azar, elegida)
            pregunta = f"En {elegida} cambia {viejas} por {nuevas}"
            respuesta = resultado
            if en_oracion:
                pregunta += f": {fragmento}"
                respuesta = sustituir(fragmento, elegida, resultado)
        elif suerte < 0.96:
            unidas = ", ".join(palabras[:6])
            letras = ", ".join(" ".join(p) for p in palabras[:6])
            pregunta, respuesta = f"Deletrea: {unidas}", letras
            if suerte < 0.88:
                pregunta, respuesta = f"Junta: {letras}", unidas
        elif suerte < 0.98:
            pregunta, respuesta = f"En mayúsculas: {fragmento}", fragmento.upper()
        else:
            sin = unicodedata.normalize("NFD", fragmento)
            respuesta = unicodedata.normalize("NFC", re.sub("[\u0301\u0308]", "", sin))
            pregunta = f"Sin tildes: {fragmento}"
        cuerpo = self._codificar(pregunta, respuesta)
        if suerte < 0.22:
            cuerpo[1] = self._trocear(azar, " " + respuesta)
        elif suerte < 0.33:
            cuerpo[0] = self._trocear(azar, pregunta)
        return self._conversar(*cuerpo)

    def _codificar(self, pregunta: str, respuesta: str) -> list[list[int]]:
        # el espacio hace que la primera palabra se parta igual que dentro del pedido
        return [c.ids for c in self.tok.encode_batch([pregunta, " " + respuesta])]

    @staticmethod
    def _conversar(pregunta: list[int], respuesta: list[int]) -> list[int]:
        return [USUARIO, *pregunta, FIN, ASISTENTE, *respuesta, FIN]

    def paso(self, numero: int, repaso: bool = False) -> np.ndarray:
        """El lote del paso `numero`: enteros de forma (lote, largo + 1)."""
        filas = []
        por_texto = round(self.lote * 0.25) if repaso else self.por_texto
        for j in range(por_texto):
            vuelta, k = divmod(numero * self.por_texto + j, self.ventanas)
            if getattr(self, "_vuelta", None) != vuelta:
                generador = np.random.default_rng([self.semilla, vuelta])
                self._orden, self._vuelta = generador.permutation(self.ventanas), vuelta
            i = int(self._orden[k]) * self.largo
            filas.append(self.vector[i : i + self.largo + 1].astype(np.int64))
        azar = random.Random(f"{self.semilla}-{numero}")
        for _ in range(self.lote - por_texto):
            fila: list[int] = []
            while len(fila) <= self.largo:
                fila += self.ejemplo(azar)
            filas.append(np.array(fila[: self.largo + 1], dtype=np.int64))
        return np.stack(filas)
