import { chromium } from "playwright-core";
import { spawn } from "node:child_process";
const O="/tmp/site-polish/shots/"; 
import {mkdirSync} from "node:fs"; mkdirSync(O,{recursive:true});
async function serve(d){const s=spawn("/work/main/target/debug/shelfmark",["serve",d,"--port","0"],{stdio:["ignore","ignore","pipe"]});
 const url=await new Promise(r=>{let t="";s.stderr.on("data",c=>{t+=c;const f=/http:\/\/[^ ]+/.exec(t);if(f)r(f[0].trim())})});return{url,stop:()=>s.kill()}}
const a=await serve("/tmp/site-polish/out"), b=await serve("/tmp/site-polish/out2");
const browser=await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox","--disable-gpu","--hide-scrollbars"]});
const P={home:a.url,search:a.url+"search/?q=invoice",search0:a.url+"search/?q=-zz%27q",suite:a.url+"p/com.hotcrm.suite/",versions:a.url+"p/com.hotcrm.crm/versions/",hubspot:a.url+"p/dev.shelfmark.provider-hubspot/",finance:a.url+"p/com.hotcrm.finance/",pack:a.url+"p/com.brightdesk.ecommerce/",conf:a.url+"browse/kind/plugin/",tmpl:a.url+"browse/kind/template/",docs:a.url+"docs/",missing:a.url+"nope",inbox:a.url+"p/com.brightdesk.inbox/",
 home2:b.url,one:b.url+"p/com.acme.one/",onev:b.url+"p/com.acme.one/versions/",browse2:b.url+"browse/all/"};
const only=process.argv[2]?.split(",");
for(const [th,w] of [["light",1440],["dark",1440],["light",820],["light",390],["dark",390]]){
 const c=await browser.newContext({colorScheme:th,viewport:{width:w,height:900}});
 for(const [n,u] of Object.entries(P)){ if(only&&!only.includes(n))continue; const p=await c.newPage();p.on("console",m=>{if(m.type()=="error"&&n!="missing")console.log(n,m.text())});p.on("pageerror",e=>console.log(n,String(e)));await p.goto(u);await p.waitForTimeout(150);
 const wide=await p.evaluate(()=>document.documentElement.scrollWidth-document.documentElement.clientWidth); if(wide>0)console.log(n,th,w,"wide",wide);
 await p.screenshot({path:`${O}${n}-${th}-${w}.png`,fullPage:true});await p.close();}
 await c.close();}
const c=await browser.newContext({javaScriptEnabled:false,viewport:{width:1440,height:900}});const p=await c.newPage();await p.goto(P.search);await p.screenshot({path:O+"nojs.png"});
await browser.close();a.stop();b.stop();
