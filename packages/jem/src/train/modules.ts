/** The name under which a thread that imports `@basin/jem/worker` knows the module that does groups. */
export const GROUP_MODULE = "basin:jem-group";
