/** Markup that changes its meaning when it is parsed twice, as mutation XSS needs it, and what slips through simple filters. */
export const mutations = [
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.__pwned=1&gt;">',
  '<svg></p><style><a id="</style><img src=1 onerror=window.__pwned=1>">',
  '<noscript><p title="</noscript><img src=x onerror=window.__pwned=1>">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=window.__pwned=1>',
  '<svg><![CDATA[><image xlink:href="]]><img src=x onerror=window.__pwned=1>"></svg>',
  '<select><template><img src=x onerror=window.__pwned=1></template></select>',
  '<img src="x` `<script>window.__pwned=1</script>"` `>',
  '<a href="jav&#x0A;ascript:window.__pwned=1" autofocus onfocus=window.__pwned=1 tabindex=1>x</a>',
  '<details open ontoggle=window.__pwned=1><summary>x</summary></details>',
  '<iframe srcdoc="&lt;script&gt;parent.__pwned=1&lt;/script&gt;"></iframe>',
  '"><svg/onload=window.__pwned=1>//',
  `\u003cscript\u003ewindow.__pwned=1\u003c/script\u003e`,
  "';alert(1)//\\';alert(1)//{{constructor.constructor('window.__pwned=1')()}}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: somebody typed it
  '${window.__pwned=1}<%= window.__pwned=1 %>#{window.__pwned=1}',
]
