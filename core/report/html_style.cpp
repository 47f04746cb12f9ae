// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_style.h"

namespace mha {

Literal htmlStyle() {
    return R"css(
:root{color-scheme:light dark;
--page:#f3f5f7;--surface:#fff;--sunken:#f3f5f7;--border:#dce1e6;--text:#14181d;--muted:#55606c;
--good:#16744a;--good-soft:#e0f3e9;--warn:#8a5300;--warn-soft:#fdefd2;--bad:#b3202c;--bad-soft:#fce4e5;
--plain-soft:#e6e9ed;--planned:#1f56c3;--planned-soft:#dfe9fb;--unplanned:#c8641a;--grid:#e4e8ec;--gap:#aab3bd;
--p0:#5b6b7d;--p1:#8a63b8;--p2:#2f8f9d;--p3:#c08a1e;--p4:#3f7fd1;--p5:#9aa4ae}
@media screen and (prefers-color-scheme:dark){:root{
--page:#12161a;--surface:#1b2026;--sunken:#14181d;--border:#2d353e;--text:#e9edf1;--muted:#9ba6b2;
--good:#4fc78f;--good-soft:#16342a;--warn:#f2b84b;--warn-soft:#3a2e14;--bad:#ff7b7b;--bad-soft:#43201f;
--plain-soft:#2a3139;--planned:#7aa7ff;--planned-soft:#22324f;--unplanned:#f0924a;--grid:#29313a;--gap:#5a6570;
--p0:#8494a6;--p1:#b08be0;--p2:#4fb9c7;--p3:#dcab45;--p4:#6fa5f0;--p5:#6b7682}}
html{font-size:15px}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1060px;margin:0 auto;padding:36px 24px 56px}
h1{font-size:2rem;line-height:1.2;margin:2px 0 6px;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:0 0 4px}
h3{font-size:1rem;margin:0}
p{margin:0 0 10px}
.eyebrow{color:var(--muted);font-size:.867rem;font-weight:600;letter-spacing:.05em;text-transform:uppercase;margin:0}
.facts{color:var(--muted);margin:0}
.muted{color:var(--muted)}
.small{font-size:.867rem}
.nowrap{white-space:nowrap}
.summary{border-left:5px solid var(--muted);background:var(--surface);border-radius:4px 10px 10px 4px;
padding:14px 18px;margin:22px 0;font-size:1.133rem}
.summary.good{border-color:var(--good)}.summary.warn{border-color:var(--warn)}.summary.bad{border-color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(176px,1fr));gap:12px;margin:0 0 12px}
.tile,section{background:var(--surface);border:1px solid var(--border);border-radius:10px}
.tile{padding:14px 16px}
.tile dt{color:var(--muted);font-size:.867rem;font-weight:600}
.tile dd{margin:0}
.tile .figure{font-size:1.667rem;font-weight:700;line-height:1.3;letter-spacing:-.01em}
.tile .figure.good{color:var(--good)}.tile .figure.bad{color:var(--bad)}
.tile .note{color:var(--muted);font-size:.867rem;line-height:1.4}
section{padding:20px 22px;margin:0 0 12px}
section>:last-child{margin-bottom:0}
section>.lead{color:var(--muted);font-size:.933rem;max-width:80ch}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:6px 0 8px;font-size:.867rem;color:var(--muted);list-style:none;padding:0}
.legend svg{display:inline-block;width:18px;height:12px;margin-right:6px;vertical-align:-1px}
.scroll{overflow-x:auto}
svg{display:block}
.defs{position:absolute}
.chart{width:100%;min-width:640px;height:auto;font-size:12px}
.strip{width:100%;height:34px;border-radius:6px}
.ends{display:flex;justify-content:space-between;color:var(--muted);font-size:.867rem;margin:4px 0 0}
.chart text{fill:var(--muted)}
.chart .end{text-anchor:end}.chart .mid,.chart .value{text-anchor:middle}.chart .begin{text-anchor:start}
.chart .strong{font-weight:700}
.chart .ink-text,.ink-text{fill:var(--text)}.chart .ink-muted{fill:var(--muted)}
.chart .ink-rto{fill:var(--bad)}.chart .ink-budget{fill:var(--warn)}
line.ink-text{stroke:var(--text)}line.ink-rto{stroke:var(--bad)}line.ink-budget{stroke:var(--warn)}line.dashed{stroke-dasharray:6 4}
.moment{stroke:var(--surface)}.chart .moment.ink-rto{fill:var(--bad)}.chart .moment.ink-muted{fill:var(--muted)}
.chart .words{paint-order:stroke;stroke:var(--surface);stroke-width:8px;stroke-linejoin:round}
rect.grid.hollow{stroke:none;pointer-events:all}
.chart .value,.chart .label{fill:var(--text)}
.chart .value{paint-order:stroke;stroke:var(--surface);stroke-width:4px;stroke-linejoin:round}
.grid{stroke:var(--grid)}.base{stroke:var(--muted)}
.unplanned{fill:var(--unplanned);stroke:var(--unplanned)}
.planned{fill:url(#hatch);stroke:var(--planned)}
.rto{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:7 4}
.chart .rto-text{fill:var(--bad);font-weight:700}
.break{stroke:var(--surface);stroke-width:3}
.median{stroke:var(--text);stroke-width:2}
.hatch-ground{fill:var(--planned-soft)}.hatch-line{fill:var(--planned)}
.gap-ground{fill:var(--sunken)}.gap-line{fill:var(--gap)}
.watched{fill:var(--good-soft)}.gap{fill:url(#nothing)}
.tick-unplanned{fill:var(--unplanned)}.tick-planned{fill:var(--planned)}
.phase0{fill:var(--p0)}.phase1{fill:var(--p1)}.phase2{fill:var(--p2)}.phase3{fill:var(--p3)}.phase4{fill:var(--p4)}.phase5{fill:var(--p5)}
.chart rect.hollow{fill:none}
rect.hollow.phase0{stroke:var(--p0)}rect.hollow.phase1{stroke:var(--p1)}rect.hollow.phase2{stroke:var(--p2)}
rect.hollow.phase3{stroke:var(--p3)}rect.hollow.phase4{stroke:var(--p4)}rect.hollow.phase5{stroke:var(--p5)}
figure{margin:16px 0 0}figcaption{font-size:.933rem;margin:0 0 4px}
.phases{width:100%;height:8px;border-radius:3px;margin:4px 0 5px}
.parts{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:0 12px;font-size:.833rem;color:var(--muted)}
.parts svg{display:inline-block;width:8px;height:8px;margin-right:5px}
.parts b{font-weight:600;color:var(--text)}
table{border-collapse:collapse;width:100%;font-size:.933rem}
th{text-align:left;font-size:.833rem;font-weight:600;color:var(--muted);padding:6px 14px 6px 0;border-bottom:1px solid var(--border);white-space:nowrap}
td{padding:10px 14px 10px 0;border-bottom:1px solid var(--border);vertical-align:top;overflow-wrap:anywhere}
tr:last-child td{border-bottom:0}
th:last-child,td:last-child{padding-right:0}
.num{text-align:right;white-space:nowrap}
td.wide{min-width:280px;width:46%}
.badge{display:inline-block;border-radius:5px;padding:1px 8px;font-size:.833rem;font-weight:600;white-space:nowrap;
background:var(--plain-soft);color:var(--text)}
.badge.good{background:var(--good-soft);color:var(--good)}.badge.warn{background:var(--warn-soft);color:var(--warn)}
.badge.bad{background:var(--bad-soft);color:var(--bad)}.badge.planned{background:var(--planned-soft);color:var(--planned)}
.recovery{font-weight:700;font-size:1rem}
blockquote{margin:4px 0;padding:0 0 0 10px;border-left:3px solid var(--border);white-space:pre-line}
.action{border-top:1px solid var(--border);padding:14px 0 4px;margin-top:12px}
.action header{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
.steps{margin:8px 0 0}
.steps td{padding:5px 14px 5px 0;border-bottom:0}
.steps .state{width:92px;white-space:nowrap;font-size:.867rem}
.state.good{color:var(--good)}.state.warn{color:var(--warn)}.state.bad{color:var(--bad)}.state.plain{color:var(--muted)}
details>summary{cursor:pointer;font-weight:600;padding:4px 0}
.method dt{font-weight:600;margin-top:8px}.method dd{margin:0;color:var(--muted);max-width:86ch}
footer{color:var(--muted);font-size:.867rem;margin-top:22px}
@media (max-width:640px){main{padding:20px 12px}section{padding:16px 14px}}
@media print{@page{margin:13mm}
:root{--page:#fff;color-scheme:light}
html{font-size:10.5px}
body{-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:none;padding:0}
.summary{background:none;margin:12px 0}
.tiles{grid-template-columns:repeat(5,1fr);gap:8px}
.tile{padding:8px 10px}
.chart{min-width:0}.scroll{overflow:visible}
section{padding:10px 12px;margin-bottom:8px}
td{padding-top:6px;padding-bottom:6px}
section,.tile{border-color:#c9d0d7}
.whole,tr,.action,.tile,.summary{break-inside:avoid}
h2,h3,.lead{break-after:avoid}thead{display:table-header-group}}
)css";
}

} // namespace mha
