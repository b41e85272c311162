/// The page's style: one column of serif text on paper, tables ruled as in journals, figures in the sans-serif of their PDF.
enum PageStyle {
    static let sheet = Palette.sheet + """
        *{box-sizing:border-box}html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}\
        body{margin:0;background:var(--paper);color:var(--text);font:17px/1.55 Charter,'Bitstream Charter','Iowan Old Style','Palatino Linotype',Palatino,Georgia,'Liberation Serif',serif;overflow-wrap:anywhere}\
        header,main,footer{max-width:56rem;margin:0 auto;padding:0 1.25rem}\
        header{padding-top:3.5rem}h1{font-size:2.1rem;line-height:1.2;font-weight:600;margin:0 0 .3rem;letter-spacing:-.01em}\
        .by{color:var(--muted);margin:0 0 1.2rem}\
        nav ul{list-style:none;margin:0;padding:.55rem 0;display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;border-block:1px solid var(--grid);font-size:.88rem}\
        a{color:inherit;text-decoration-color:var(--frame);text-underline-offset:.2em}a:hover{text-decoration-color:currentColor}\
        nav a{text-decoration:none;color:var(--muted)}nav a:hover{color:var(--text);text-decoration:underline}\
        :focus-visible{outline:2px solid var(--s0);outline-offset:2px;border-radius:2px}\
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.4rem .8rem}\
        section{margin:2.6rem 0 0}h2{font-size:1.32rem;line-height:1.3;font-weight:600;margin:0 0 .6rem}h3{font-size:1.02rem;font-weight:600;margin:1.6rem 0 .4rem}\
        p{margin:.5rem 0;max-width:44rem}.verdict{font-size:1.12rem;line-height:1.6}.note,figcaption small,caption small{color:var(--muted);font-size:.86rem;line-height:1.45}.note{margin:.4rem 0}\
        .scroll{overflow-x:auto;margin:.7rem 0}table{border-collapse:collapse;border-block:1.6px solid var(--text);font-size:.9rem;line-height:1.35;font-variant-numeric:tabular-nums lining-nums;min-width:min(100%,24rem)}\
        caption{text-align:start;padding:0 0 .5rem;caption-side:top}thead{border-bottom:1px solid var(--text)}\
        th,td{padding:.34rem 1.05rem .34rem 0;text-align:start;vertical-align:baseline;font-weight:400}th:last-child,td:last-child{padding-inline-end:.2rem}\
        thead th{font-weight:600;vertical-align:bottom}td.n,th.n{text-align:end;white-space:nowrap}\
        td,thead th{overflow-wrap:break-word;min-width:3.2rem}td code{overflow-wrap:anywhere;display:inline-block;min-width:7rem}tbody th{min-width:6.5rem;max-width:17rem;position:sticky;left:0;background:var(--paper)}caption span{position:sticky;left:0;display:inline-block;max-width:min(44rem,calc(100vw - 2.6rem))}caption small{display:block}table.wide td,table.wide th{padding-inline-end:.7rem}table.wide{font-size:.84rem}table.wide td small{display:block;margin-inline-end:1.05em}table.wide th.n{white-space:normal}table.keys tbody th{min-width:11.5rem}table.wide tbody th{min-width:9rem}\
        td small{color:var(--muted);font-size:.92em}td b,td strong{font-weight:700}svg.fig.sign{display:inline-block;width:14px;height:14px;vertical-align:-1px;margin-inline-end:.45rem;overflow:visible}\
        .mark{color:var(--muted);display:inline-block;width:.9em;text-align:start;margin-inline-start:.15em}\
        th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}th button::after{content:'↕';color:var(--frame);padding-inline-start:.3em;font-size:.8em}\
        th[aria-sort=ascending] button::after{content:'↑';color:var(--text)}th[aria-sort=descending] button::after{content:'↓';color:var(--text)}\
        figure{margin:1.2rem 0 1.6rem;break-inside:avoid}figcaption{margin:0 0 .2rem;font-size:.98rem;font-weight:600}figcaption small{display:block;font-weight:400}\
        svg.fig{display:block;max-width:100%;height:auto}svg.narrow{display:none}.pairs{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:.6rem 2rem}.pairs figure{margin:.6rem 0}.pairs svg.narrow{display:block}.grids{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:1.2rem 1.4rem}.grids figure{margin:0}\
        figure img{display:block;width:100%;height:auto;image-rendering:pixelated;border:1px solid var(--grid)}figure.single img{max-width:34rem}\
        code,pre{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace;font-size:.82em}pre{white-space:pre-wrap;border-inline-start:3px solid var(--grid);padding:.3rem 0 .3rem .9rem;margin:.5rem 0;line-height:1.45}\
        details{margin:.7rem 0}summary{cursor:pointer;color:var(--muted);font-size:.92rem}summary:hover{color:var(--text)}details[open]>summary{margin-bottom:.3rem}\
        td code{white-space:pre-wrap}footer{margin-top:3.5rem;padding-block:1rem 3rem;color:var(--muted);font-size:.86rem;border-top:1px solid var(--grid)}\
        .tip{position:fixed;z-index:9;pointer-events:none;background:var(--text);color:var(--paper);font:12.5px/1.4 Helvetica,Arial,'Liberation Sans',sans-serif;padding:.3rem .55rem;border-radius:3px;max-width:min(22rem,92vw)}\
        @media(max-width:40rem){body{font-size:16px}header{padding-top:1.8rem}h1{font-size:1.6rem}svg.wide{display:none}svg.narrow{display:block}section{margin-top:2rem}.verdict{font-size:1.05rem}.grids{grid-template-columns:repeat(auto-fill,minmax(9rem,1fr))}}\
        @media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}\
        @media print{@page{margin:18mm 16mm}body{font-size:10.5pt;background:none}header,main,footer{max-width:none;padding:0}header{padding-top:0}nav,.skip,th button::after{display:none}a{text-decoration:none}\
        .scroll{overflow:visible}table{font-size:8.6pt}table.wide{font-size:7.4pt}table.wide td,table.wide th{padding-inline-end:.35rem}table.wide tbody th{min-width:0}th.n{white-space:normal}section{margin-top:1.6rem}h2,h3,caption,figcaption{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}figure svg.fig{max-width:150mm}\
        figure>svg.wide{display:block}figure>svg.wide~svg.narrow{display:none}.pairs{grid-template-columns:1fr 1fr}.grids{grid-template-columns:repeat(3,1fr)}}
        """

    /// Sorting of tables and tooltips; the page loses no content without it.
    static let script = """
        'use strict';
        document.querySelectorAll('table[data-sort]').forEach(function(table){
          var body=table.tBodies[0],heads=Array.prototype.slice.call(table.tHead.rows[0].cells);
          heads.forEach(function(head,column){
            var button=document.createElement('button');button.type='button';
            while(head.firstChild)button.appendChild(head.firstChild);
            head.appendChild(button);
            button.addEventListener('click',function(){
              var down=head.getAttribute('aria-sort')==='ascending',rows=Array.prototype.slice.call(body.rows);
              heads.forEach(function(other){other.removeAttribute('aria-sort')});
              head.setAttribute('aria-sort',down?'descending':'ascending');
              rows.sort(function(a,b){
                var x=a.cells[column],y=b.cells[column],p=x.dataset.v,q=y.dataset.v,order;
                if(p!==undefined||q!==undefined){
                  p=p===undefined||p===''?NaN:+p;q=q===undefined||q===''?NaN:+q;
                  if(isNaN(p)||isNaN(q))return (isNaN(p)?1:0)-(isNaN(q)?1:0);
                  order=p-q;
                }else order=x.textContent.localeCompare(y.textContent,undefined,{numeric:true});
                return down?-order:order;
              });
              rows.forEach(function(row){body.appendChild(row)});
            });
          });
        });
        (function(){
          var tip=document.createElement('div'),shown=null;tip.className='tip';tip.hidden=true;tip.setAttribute('aria-hidden','true');document.body.appendChild(tip);
          document.querySelectorAll('svg.fig > title').forEach(function(title){title.parentNode.setAttribute('aria-label',title.textContent)});
          document.querySelectorAll('svg.fig title').forEach(function(title){
            if(title.parentNode.matches('svg.fig')){title.remove();return}
            title.parentNode.setAttribute('data-tip',title.textContent);title.remove();
          });
          function move(event){
            var mark=event.target.closest?event.target.closest('[data-tip]'):null;
            if(!mark){tip.hidden=true;shown=null;return}
            if(mark!==shown){tip.textContent=mark.getAttribute('data-tip');shown=mark;tip.hidden=false}
            var box=tip.getBoundingClientRect(),x=Math.min(event.clientX+14,innerWidth-box.width-6),y=event.clientY-box.height-12;
            tip.style.left=Math.max(4,x)+'px';tip.style.top=(y<4?event.clientY+16:y)+'px';
          }
          document.addEventListener('pointermove',move);document.addEventListener('pointerdown',move);
          document.addEventListener('scroll',function(){tip.hidden=true;shown=null},true);
          document.addEventListener('keydown',function(event){if(event.key==='Escape')tip.hidden=true});
        })();
        """
}
