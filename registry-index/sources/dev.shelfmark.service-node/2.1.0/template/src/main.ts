import { start } from "./server.js";

start(Number(process.env.PORT ?? {{ port }}));
