/* SPDX-License-Identifier: MIT
 * What the machine spends: CPU and memory of gated (GATE_PID_FILE) and of PostgreSQL (found by
 * GATE_DATABASE_URL), from /proc. What cannot be found is left out.
 */
#include <dirent.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "simulator/live/parts.h"

enum { EVERY_MS = 1000, STAT_ROOM = 1024, STAT_FIELDS = 17 };

/* Of one process: its parent, its CPU seconds, with those of its ended children when asked. */
static bool read_stat(int pid, bool with_children, int *parent, double *cpu_s)
{
    char path[40], text[STAT_ROOM];
    long long ticks[4] = {0};

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    text[size] = '\0';
    const char *rest = strrchr(text, ')');
    if (!rest || sscanf(rest + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld %lld",
                        parent, &ticks[0], &ticks[1], &ticks[2], &ticks[3]) != 5)
        return false;
    *cpu_s = (double)(ticks[0] + ticks[1] + (with_children ? ticks[2] + ticks[3] : 0)) /
             (double)sysconf(_SC_CLK_TCK);
    return true;
}

/* Resident, without what is shared with others: PostgreSQL's processes share their buffers. */
static double read_memory_mib(int pid, bool with_shared)
{
    char path[40];
    long long size = 0, resident = 0, shared = 0;

    snprintf(path, sizeof path, "/proc/%d/statm", pid);
    FILE *file = fopen(path, "r");
    if (file) {
        if (fscanf(file, "%lld %lld %lld", &size, &resident, &shared) != 3)
            resident = shared = 0;
        fclose(file);
    }
    return (double)(resident - (with_shared ? 0 : shared)) * (double)sysconf(_SC_PAGESIZE) /
           (1024 * 1024);
}

/* The process and, of PostgreSQL, its children. */
static void measure(struct watched *w)
{
    int parent, pid;
    double cpu_s = 0, memory = 0;

    if (!read_stat(w->pid, true, &parent, &w->cpu_s))
        return;
    w->memory_mib = read_memory_mib(w->pid, true);
    DIR *directory = opendir("/proc");
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if ((pid = atoi(entry->d_name)) > 0 && read_stat(pid, false, &parent, &cpu_s) &&
            parent == w->pid) {
            memory = read_memory_mib(pid, false);
            w->cpu_s += cpu_s;
            w->memory_mib += memory;
        }
    if (directory)
        closedir(directory);
    if (w->memory_mib > w->memory_max_mib)
        w->memory_max_mib = w->memory_mib;
}

static int find_gated(void)
{
    const char *path = getenv("GATE_PID_FILE");
    FILE *file = path ? fopen(path, "r") : NULL;
    int pid = 0;

    if (file && fscanf(file, "%d", &pid) != 1)
        pid = 0;
    if (file)
        fclose(file);
    return pid;
}

/* The parent of the process that serves us, if it runs on this machine. */
static int find_postgres(void)
{
    const char *url = getenv("GATE_DATABASE_URL");
    double cpu_s;
    int parent = 0;

    if (!url || !*url)
        return 0;
    PGconn *db = PQconnectdb(url);
    bool is_here = PQstatus(db) == CONNECTION_OK && (!PQhost(db) || PQhost(db)[0] == '/');
    if (!is_here || !read_stat(PQbackendPID(db), false, &parent, &cpu_s))
        parent = 0;
    PQfinish(db);
    return parent;
}

void watch_begin(struct live *live)
{
    live->watched[0] = (struct watched){.name = "gated", .pid = find_gated()};
    live->watched[1] = (struct watched){.name = "PostgreSQL", .pid = find_postgres()};
    for (int i = 0; i < WATCHED_MAX; i++)
        if (live->watched[i].pid) {
            measure(&live->watched[i]);
            live->watched[i].began_s = live->watched[i].cpu_s;
        }
    live->watched_ms = clock_steady_ms();
}

void watch_look(struct live *live)
{
    int64_t now_ms = clock_steady_ms();

    if (live->is_playing && now_ms - live->watched_ms < EVERY_MS)
        return;
    live->watched_ms = now_ms;
    for (int i = 0; i < WATCHED_MAX; i++)
        if (live->watched[i].pid)
            measure(&live->watched[i]);
}
