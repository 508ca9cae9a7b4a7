export { multiplyAdds } from "./lib/multiply-add";
