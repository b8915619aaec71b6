"""Los ejercicios de la lección 03: respuestas buenas, y errores con su pista."""

import math

import numpy as np
import torch
from respuestas import pruebas_de
from torch.nn import functional as F


def _norma(x, g, eps):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps) * g


def _norma_en_el_sitio(x, g, eps):
    x *= torch.rsqrt(x.square().mean(-1, keepdim=True) + eps)
    return x * g


def _atender(q, k, v, divisor=None, visible=None, dim=-1):
    n = q.shape[-2]
    if visible is None:
        visible = torch.ones(n, n, dtype=torch.bool).tril()
    s = q @ k.transpose(-1, -2) / (divisor or math.sqrt(q.shape[-1]))
    return s.masked_fill(~visible, -torch.inf).softmax(dim) @ v


def _atender_en_bucle(q, k, v):
    filas = []
    for m in range(q.shape[-2]):
        s = (k[..., : m + 1, :] * q[..., m : m + 1, :]).sum(-1) / q.shape[-1] ** 0.5
        filas.append((s.softmax(-1)[..., None] * v[..., : m + 1, :]).sum(-2))
    return torch.stack(filas, -2)


def _atender_con_einsum(q, k, v):
    n = q.shape[-2]
    s = torch.einsum("...md,...pd->...mp", q, k) / math.sqrt(q.shape[-1])
    s = s + torch.full((n, n), -torch.inf).triu(1)
    return torch.einsum("...mp,...pd->...md", s.softmax(-1), v)


def _unos(q):
    return torch.ones(q.shape[-2], q.shape[-2], dtype=torch.bool)


def _con_unos(q, k, v):
    """La máscara, de decimales, como la da `tril`."""
    n = q.shape[-2]
    s = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return s.masked_fill(torch.ones(n, n).tril(), -torch.inf).softmax(-1) @ v


def _con_tilde(q, k, v):
    n = q.shape[-2]
    return _atender(q, k, v, visible=torch.ones(n, n).tril())


def _tapa_despues(q, k, v):
    s = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return s.softmax(-1).tril() @ v


def _tapa_con_cero(q, k, v):
    s = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return s.tril().softmax(-1) @ v


def _sin_softmax(q, k, v):
    return (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).tril() @ v


def _exponencial(q, k, v):
    e = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).exp().tril()
    return e / e.sum(-1, keepdim=True) @ v


def _solo_dos(q, k, v):
    return _unos(q).tril().float() @ v if q.ndim > 2 else (q @ k.T) @ v


def _en_el_sitio(q, k, v):
    q /= math.sqrt(q.shape[-1])
    return _atender(q, k, v, 1)


def _pesos(q, k, v):
    return (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).softmax(-1)


def _con_t(q, k, v):
    n = q.shape[0]
    s = (q @ k.T / math.sqrt(q.shape[-1])).masked_fill(
        ~torch.ones(n, n, dtype=torch.bool).tril(), -torch.inf
    )
    return s.softmax(-1) @ v


def _parametros(c, kv=None, mlp=3, normas=2, final=1, cabeza=None, atada=None):
    dh = cabeza or c.head_dim
    filas = 2 * (c.num_attention_heads + (kv or c.num_key_value_heads)) * dh
    bloque = c.hidden_size * (filas + mlp * c.intermediate_size + normas)
    tablas = 1 if (c.tie_word_embeddings if atada is None else atada) else 2
    todo = c.num_hidden_layers * bloque + final * c.hidden_size
    return todo + tablas * c.vocab_size * c.hidden_size


def _con_el_modelo(c):
    from transformers import LlamaForCausalLM

    return sum(p.numel() for p in LlamaForCausalLM(c).parameters())


def _por_partes(c):
    d, dh = c.hidden_size, c.head_dim
    atencion = 2 * d * c.num_attention_heads * dh + 2 * d * c.num_key_value_heads * dh
    total = c.vocab_size * d + d
    for _ in range(c.num_hidden_layers):
        total += atencion + 3 * d * c.intermediate_size + 2 * d
    return total if c.tie_word_embeddings else total + c.vocab_size * d


def _costos(z, e, desde=1):
    return F.cross_entropy(
        z[:, :-1].flatten(0, 1), e[:, 1:].flatten(), reduction="none"
    )[e[:, 1:].flatten() != -100]


def _a_mano(z, e):
    suma, cuantos = 0.0, 0
    for fila, etiquetas in zip(z.log_softmax(-1), e.tolist(), strict=True):
        for i, etiqueta in enumerate(etiquetas[1:]):
            if etiqueta != -100:
                suma, cuantos = suma - fila[i, etiqueta].item(), cuantos + 1
    return math.exp(suma / cuantos)


def _por_filas(z, e):
    medias = [F.cross_entropy(a[:-1], b[1:]) for a, b in zip(z, e, strict=True)]
    return torch.stack(medias).mean().exp().item()


def _junta(z, e):
    return z.flatten(0, 1), e.flatten()


BUENAS = [
    ("03-norma", _norma),
    ("03-norma", lambda x, g, eps: F.rms_norm(x, g.shape, g, eps)),
    ("03-norma", lambda x, g, eps: g * x / ((x**2).mean(-1, True) + eps) ** 0.5),
    ("03-atencion", _atender),
    ("03-atencion", _atender_en_bucle),
    ("03-atencion", _atender_con_einsum),
    (
        "03-atencion",
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
    ),
    ("03-parametros", _parametros),
    ("03-parametros", _con_el_modelo),
    ("03-parametros", lambda c: np.int64(_parametros(c))),
    ("03-perplejidad", lambda z, e: np.exp(_costos(z, e).mean().numpy())),
    ("03-parametros", _por_partes),
    ("03-perplejidad", lambda z, e: _costos(z, e).mean().exp()),
    ("03-perplejidad", _a_mano),
    (
        "03-perplejidad",
        lambda z, e: F.cross_entropy(*_junta(z[:, :-1], e[:, 1:])).exp().item(),
    ),
]
ERRORES = [
    ("03-norma", lambda x, g, eps: x * g, "falta dividir"),
    ("03-norma", lambda x, g, eps: F.layer_norm(x, g.shape, g, None, eps), "LayerNorm"),
    ("03-norma", lambda x, g, eps: _norma(x, 1, eps), "el peso `g`"),
    ("03-norma", lambda x, g, eps: _norma(x, g, 0), "dentro de la raíz"),
    ("03-norma", lambda x, g, eps: x / (x * x).mean(-1).add(eps).sqrt() * g, "keepdim"),
    ("03-norma", lambda x, g, eps: x / ((x * x).mean() + eps).sqrt() * g, "todo el"),
    (
        "03-norma",
        lambda x, g, eps: x / x.norm(dim=-1, keepdim=True) * g,
        "no los sumes",
    ),
    ("03-norma", _norma_en_el_sitio, "cambia `x`"),
    ("03-norma", lambda x, g, eps: _norma(x, g, eps).tolist(), "un tensor"),
    ("03-norma", lambda x, g, eps: _norma(x[:, :, :4], g[:4], eps), "se espera"),
    ("03-atencion", lambda q, k, v: _atender(q, k, v, 1), "√d"),
    ("03-atencion", lambda q, k, v: _atender(q, k, v, q.shape[-1]), "raíz cuadrada"),
    ("03-atencion", lambda q, k, v: _atender(q, k, v, v.shape[-1] ** 0.5), "de `v`"),
    (
        "03-atencion",
        lambda q, k, v: _atender(q, k, v, q.shape[-2] ** 0.5),
        "posiciones",
    ),
    ("03-atencion", lambda q, k, v: _atender(q, k, v, None, _unos(q)), "la máscara"),
    (
        "03-atencion",
        lambda q, k, v: _atender(q, k, v, None, _unos(q).triu()),
        "al revés",
    ),
    (
        "03-atencion",
        lambda q, k, v: _atender(q, k, v, None, _unos(q).tril(-1)),
        "la diagonal",
    ),
    ("03-atencion", lambda q, k, v: _atender(q, k, v, dim=-2), "por filas"),
    ("03-atencion", _con_unos, "cierto o falso"),
    ("03-atencion", _con_tilde, "cierto o falso"),
    ("03-atencion", _tapa_despues, "ya no suman 1"),
    ("03-atencion", _tapa_con_cero, "Hace falta −∞"),
    ("03-atencion", _sin_softmax, "faltan la softmax"),
    ("03-atencion", _exponencial, "se desborda"),
    ("03-atencion", _pesos, "promediar los valores"),
    ("03-atencion", _con_t, "dos últimas"),
    ("03-atencion", _en_el_sitio, "cambia q"),
    ("03-atencion", lambda q, k, v: _atender(k, q, v), "cambiadas"),
    ("03-atencion", lambda q, k, v: q @ k @ v, "traspuesta"),
    ("03-atencion", lambda q, k, v: v, "los valores no coinciden"),
    ("03-atencion", lambda q, k: q, "argumentos"),
    ("03-parametros", lambda c: c.vocab_size * c.hidden_size, "solo la tabla"),
    ("03-parametros", lambda c: _parametros(c, kv=c.num_attention_heads), "GQA"),
    ("03-parametros", lambda c: _parametros(c, mlp=2), "tres matrices"),
    ("03-parametros", lambda c: _parametros(c, final=0), "último bloque"),
    ("03-parametros", lambda c: _parametros(c, normas=0), "faltan las normas"),
    ("03-parametros", lambda c: _parametros(c, normas=1), "dos normas"),
    ("03-parametros", lambda c: _parametros(c, atada=True), "no está atada"),
    ("03-parametros", lambda c: _parametros(c, atada=False), "se cuenta una vez"),
    (
        "03-parametros",
        lambda c: _parametros(c, cabeza=c.hidden_size // c.num_attention_heads),
        "head_dim",
    ),
    ("03-parametros", lambda c: 5475584, "devolviste"),
    ("03-parametros", lambda c: str(_parametros(c)), "un número"),
    ("03-parametros", lambda c: c["vocab_size"], "tipos"),
    ("03-parametros", lambda c: c.d_model, "«d_model»"),
    ("03-perplejidad", lambda z, e: _costos(z, e).mean(), "falta la exponencial"),
    ("03-perplejidad", lambda z, e: F.cross_entropy(z, e).exp(), "aplana"),
    (
        "03-perplejidad",
        lambda z, e: F.cross_entropy(*_junta(z, e)).exp(),
        "no corriste",
    ),
    (
        "03-perplejidad",
        lambda z, e: F.cross_entropy(*_junta(z[:, 1:], e[:, :-1])).exp(),
        "al revés",
    ),
    ("03-perplejidad", _por_filas, "un solo promedio"),
    (
        "03-perplejidad",
        lambda z, e: (_costos(z, e).sum() / e[:, 1:].numel()).exp(),
        "no deben contar",
    ),
    ("03-perplejidad", lambda z, e: _costos(z, e).sum().exp(), "la suma"),
    ("03-perplejidad", lambda z, e: 2 ** _costos(z, e).mean().item(), "base 2"),
    ("03-perplejidad", lambda z, e: (-_costos(z, e).mean()).exp(), "signo"),
    ("03-perplejidad", lambda z, e: _costos(z, e).exp(), "se pide uno solo"),
    (
        "03-perplejidad",
        lambda z, e: z.log_softmax(-1).gather(-1, e[..., None]).mean(),
        "-100",
    ),
    ("03-perplejidad", lambda z, e: z[:, :-1].view(-1, z.shape[-1]).sum(), ".reshape"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
