/* SPDX-License-Identifier: MIT */
#include "tests/unit/cluster.h"

#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/check.h"

enum { ARGUMENTS_MAX = 16, PATH_BYTES = 128 };

static struct {
    char directory[PATH_BYTES];
    char data[PATH_BYTES + 8];
    char log[PATH_BYTES + 8];
    char programs[PATH_BYTES];
    char url[PATH_BYTES + 64];
    const struct passwd *user; /* NULL: ourselves */
    pid_t keeper;
    int keeper_pipe; /* closed by our end, in whatever way: then the keeper cleans up */
} cluster;

/* The newest of /usr/lib/postgresql/NN/bin. */
static void find_programs(void)
{
    glob_t found;

    CHECK(glob("/usr/lib/postgresql/1[0-9]/bin", 0, NULL, &found) == 0);
    snprintf(cluster.programs, sizeof cluster.programs, "%s", found.gl_pathv[found.gl_pathc - 1]);
    globfree(&found);
}

static void become_user(void)
{
    if (!cluster.user)
        return;
    CHECK(initgroups(cluster.user->pw_name, cluster.user->pw_gid) == 0);
    CHECK(setgid(cluster.user->pw_gid) == 0 && setuid(cluster.user->pw_uid) == 0);
}

/* Runs a program of PostgreSQL with its output in the log; its exit status. */
static int run(const char *program, const char *const *arguments)
{
    char path[2 * PATH_BYTES];
    const char *words[ARGUMENTS_MAX] = {path};
    int status;

    snprintf(path, sizeof path, "%s/%s", cluster.programs, program);
    for (int i = 0; arguments[i]; i++) {
        CHECK(i + 2 < ARGUMENTS_MAX);
        words[i + 1] = arguments[i];
    }
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        become_user();
        if (!freopen("/dev/null", "r", stdin) || !freopen(cluster.log, "a", stdout) ||
            dup2(STDOUT_FILENO, STDERR_FILENO) < 0 || chdir("/") != 0)
            _exit(126);
        execv(path, (char *const *)(void *)words);
        _exit(127);
    }
    CHECK(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define RUN(program, ...) run(program, (const char *const[]){__VA_ARGS__, NULL})

static void make_directory(void)
{
    snprintf(cluster.directory, sizeof cluster.directory, "/tmp/gate-test-XXXXXX");
    CHECK(mkdtemp(cluster.directory));
    if (cluster.user)
        CHECK(chown(cluster.directory, cluster.user->pw_uid, cluster.user->pw_gid) == 0);
    snprintf(cluster.data, sizeof cluster.data, "%s/data", cluster.directory);
    snprintf(cluster.log, sizeof cluster.log, "%s/log", cluster.directory);
    snprintf(cluster.url, sizeof cluster.url, "host=%s user=gate dbname=postgres",
             cluster.directory);
}

static void remove_all(void)
{
    RUN("pg_ctl", "-D", cluster.data, "-m", "immediate", "-w", "stop");
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        execl("/bin/rm", "rm", "-rf", cluster.directory, (char *)NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
}

/* Forked before anything is started, so that nothing is left behind. */
static void start_keeper(void)
{
    int ends[2];
    char byte;

    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    cluster.keeper = fork();
    CHECK(cluster.keeper >= 0);
    if (cluster.keeper == 0) {
        close(ends[1]);
        signal(SIGINT, SIG_IGN);
        signal(SIGTERM, SIG_IGN);
        while (read(ends[0], &byte, 1) > 0)
            ;
        remove_all();
        _exit(0);
    }
    close(ends[0]);
    cluster.keeper_pipe = ends[1];
}

void cluster_open(void)
{
    cluster.user = geteuid() == 0 ? getpwnam("postgres") : NULL;
    CHECK(geteuid() != 0 || cluster.user);
    find_programs();
    make_directory();
    start_keeper();
    CHECK(RUN("initdb", "-D", cluster.data, "-U", "gate", "-A", "trust", "-E", "UTF8", "--locale=C",
              "-N", "--no-instructions") == 0);
    cluster_start_server();
}

void cluster_close(void)
{
    close(cluster.keeper_pipe);
    waitpid(cluster.keeper, NULL, 0);
}

int cluster_for_all(void **state)
{
    (void)state;
    cluster_open();
    return 0;
}

int cluster_after_all(void **state)
{
    (void)state;
    cluster_close();
    return 0;
}

const char *cluster_directory(void)
{
    return cluster.directory;
}

const char *cluster_url(void)
{
    return cluster.url;
}

void cluster_stop_server(void)
{
    CHECK(RUN("pg_ctl", "-D", cluster.data, "-m", "immediate", "-w", "stop") == 0);
}

void cluster_start_server(void)
{
    char options[2 * PATH_BYTES];

    snprintf(options, sizeof options,
             "-k %s -c listen_addresses='' -c fsync=off -c full_page_writes=off "
             "-c max_connections=40 -c shared_buffers=16MB",
             cluster.directory);
    CHECK(RUN("pg_ctl", "-D", cluster.data, "-l", cluster.log, "-o", options, "-w", "start") == 0);
}
