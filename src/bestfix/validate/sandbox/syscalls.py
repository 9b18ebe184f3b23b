"""The system calls that a child may make, by what they are for; every other is refused.

Each is `name:number on x86_64:number on aarch64`, a dash where it does not exist (`asm/unistd_64.h` and
`asm-generic/unistd.h`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

__all__ = ["ALLOWED", "CHECKED", "LAST", "MACHINES", "numbers"]

MACHINES: Mapping[str, int] = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""The machines whose calls are known, with the kernel's names for them (`AUDIT_ARCH_…` in `linux/audit.h`)."""

LAST = 462
"""The highest number that is known here; a newer call does not exist for a child."""

ALLOWED = """
# bytes of open files
read:0:63 write:1:64 readv:19:65 writev:20:66 pread64:17:67 pwrite64:18:68 preadv:295:69 pwritev:296:70
preadv2:327:286 pwritev2:328:287 lseek:8:62 sendfile:40:71 splice:275:76 tee:276:77 vmsplice:278:75
copy_file_range:326:285 readahead:187:213 fadvise64:221:223 fallocate:285:47 ftruncate:77:46 fsync:74:82
fdatasync:75:83 sync_file_range:277:84 flock:73:32 close:3:57 close_range:436:436 dup:32:23 dup2:33:- dup3:292:24
pipe:22:- pipe2:293:59
# paths; what may be written is Landlock's to say
creat:85:- access:21:- faccessat:269:48 faccessat2:439:439 stat:4:- lstat:6:- fstat:5:80 newfstatat:262:79
statx:332:291 statfs:137:43 fstatfs:138:44 readlink:89:- readlinkat:267:78 getdents:78:- getdents64:217:61
getxattr:191:8 lgetxattr:192:9 fgetxattr:193:10 listxattr:194:11 llistxattr:195:12 flistxattr:196:13 getcwd:79:17
chdir:80:49 fchdir:81:50 umask:95:166 mkdir:83:- mkdirat:258:34 rmdir:84:- unlink:87:- unlinkat:263:35 rename:82:-
renameat:264:38 renameat2:316:276
# memory
brk:12:214 mmap:9:222 munmap:11:215 mprotect:10:226 mremap:25:216 madvise:28:233 msync:26:227 mlock:149:228
mlock2:325:284 munlock:150:229 membarrier:324:283 get_mempolicy:239:236 set_mempolicy:238:237 mbind:237:235
# processes and threads of its own
fork:57:- vfork:58:- exit:60:93 exit_group:231:94 wait4:61:260 waitid:247:95 set_tid_address:218:96
set_robust_list:273:99 futex:202:98 futex_waitv:449:449 rseq:334:293 arch_prctl:158:- pidfd_open:434:434
gettid:186:178 getpid:39:172 getppid:110:173 getpgid:121:155 getpgrp:111:- getsid:124:156 getuid:102:174
geteuid:107:175 getgid:104:176 getegid:108:177 getresuid:118:148 getresgid:120:150 getgroups:115:158 capget:125:90
getrlimit:97:163 setrlimit:160:164 getrusage:98:165 getpriority:140:141 ioprio_get:252:31 times:100:153
sched_yield:24:124 sched_getaffinity:204:123 sched_getparam:143:121 sched_getscheduler:145:120 sched_getattr:315:275
sched_get_priority_max:146:125 sched_get_priority_min:147:126 sched_rr_get_interval:148:127 getcpu:309:168
uname:63:160 sysinfo:99:179 getrandom:318:278 restart_syscall:219:128
# signals to itself, and time
rt_sigaction:13:134 rt_sigprocmask:14:135 rt_sigreturn:15:139 rt_sigpending:127:136 rt_sigsuspend:130:133
rt_sigtimedwait:128:137 sigaltstack:131:132 pause:34:- alarm:37:- getitimer:36:102 setitimer:38:103
timer_create:222:107 timer_settime:223:110 timer_gettime:224:108 timer_getoverrun:225:109 timer_delete:226:111
nanosleep:35:101 clock_nanosleep:230:115 clock_gettime:228:113 clock_getres:229:114 gettimeofday:96:169 time:201:-
# waiting, and talking to itself
poll:7:- ppoll:271:73 select:23:- pselect6:270:72 epoll_create:213:- epoll_create1:291:20 epoll_ctl:233:21
epoll_wait:232:- epoll_pwait:281:22 epoll_pwait2:441:441 eventfd:284:- eventfd2:290:19 timerfd_create:283:85
timerfd_settime:286:86 timerfd_gettime:287:87 sendto:44:206 recvfrom:45:207 sendmsg:46:211 recvmsg:47:212
shutdown:48:210 getsockname:51:204 getpeername:52:205 getsockopt:55:209 setsockopt:54:208
# giving up more rights
landlock_create_ruleset:444:444 landlock_add_rule:445:445 landlock_restrict_self:446:446
"""

CHECKED = """
# depending on their arguments
clone:56:220 clone3:435:435 fcntl:72:25 ioctl:16:29 kill:62:129 open:2:- openat:257:56 openat2:437:437 prctl:157:167
prlimit64:302:261 sched_setaffinity:203:122 seccomp:317:277 socketpair:53:199 tgkill:234:131 tkill:200:130
"""


@lru_cache
def numbers(table: str, machine: str) -> Mapping[str, int]:
    """Return the numbers that the calls of a table have on a machine."""
    column = list(MACHINES).index(machine)
    lines = (line for line in table.splitlines() if not line.startswith("#"))
    found: dict[str, int] = {}
    for entry in " ".join(lines).split():
        name, *columns = entry.split(":")
        if columns[column] != "-":
            found[name] = int(columns[column])
    return found
