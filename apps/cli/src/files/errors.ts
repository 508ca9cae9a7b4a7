/** What users can do about an error of the file system, by its code. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: "change its permissions, or name another place",
  EPERM: "change its permissions, or name another place",
  EROFS: "name a place on a disk that can be written",
  ENOENT: "check the name",
  ENOTDIR: "a part of this path is a file and no folder; check the name",
  EISDIR: "this is a folder; name a file",
  EEXIST: "move it away, or choose another name",
  ENOTEMPTY: "move it away, or choose another name",
  ENAMETOOLONG: "choose a shorter name",
  ELOOP: "its symbolic links lead round in a circle; name the file itself",
  ENOSPC: "make room, or name a place on another disk",
  EDQUOT: "make room, or name a place on another disk",
  EFBIG: "this disk or limit takes no file of that size; name another disk, or write less",
  EIO: "the disk or the device fails; name another",
  ENXIO: "nothing answers there; name another place",
  ENODEV: "nothing answers there; name another place",
  EBUSY: "another program holds it; wait, or name another place",
  ETXTBSY: "another program holds it; wait, or name another place",
  EMFILE: "too many files are open; close some, or raise the limit (ulimit -n)",
  ENFILE: "too many files are open; close some",
  EINVAL: "name another place",
  EPIPE: "its reader has gone",
};

/** Whether an error is that of a file system or a device. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && ((error as NodeJS.ErrnoException).code ?? "") in REMEDIES;
}

/** Returns what failed, the file, and what can be done. */
export function fileErrorText(error: NodeJS.ErrnoException): string {
  return `${error.message}; ${REMEDIES[error.code as string]}`;
}

/** Returns an error of the file system that names its file. */
export function named(error: unknown, path: string): unknown {
  if (!isFileError(error)) return error;
  const { message } = error;
  // Node names a path in quotes, where it names it; a name alone may be a word of the message.
  if (!message.includes(`'${path}'`) && !message.startsWith(`${path}: `))
    error.message = `${path}: ${message}`;
  return error;
}
