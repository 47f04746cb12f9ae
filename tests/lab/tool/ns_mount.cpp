// SPDX-License-Identifier: GPL-3.0-or-later
// Mounts and unmounts inside another mount namespace, where no program of ours can be run (a container's root holds
// one static binary). Used by the lab's fault lose-storage and its heal.
//   ns-mount attach FOLDER NAMESPACE TARGET   the caller's FOLDER appears at TARGET in NAMESPACE
//   ns-mount detach NAMESPACE TARGET…         lazy unmount
//   ns-mount cover NAMESPACE TARGET…          hides TARGET under an empty read-only file system
//   ns-mount uncover NAMESPACE TARGET…        undoes cover, if it is there
// NAMESPACE is a file such as /proc/PID/ns/mnt.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <sched.h>
#include <string>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <vector>

// <sys/mount.h> of glibc 2.36 clashes with <linux/mount.h>; these two are all we need of it.
extern "C" int mount(const char*, const char*, const char*, unsigned long, const void*) noexcept;
extern "C" int umount2(const char*, int) noexcept;

namespace {

constexpr int kLazy = 2;               // MNT_DETACH
constexpr unsigned long kReadOnly = 1; // MS_RDONLY

int fail(const std::string& what) {
    std::fprintf(stderr, "ns-mount: %s: %s\n", what.c_str(), std::strerror(errno));
    return 1;
}

bool enter(const std::string& nameSpace) {
    const int file = open(nameSpace.c_str(), O_RDONLY | O_CLOEXEC);
    return file >= 0 && setns(file, CLONE_NEWNS) == 0;
}

int attach(const std::string& folder, const std::string& nameSpace, const std::string& target) {
    const long tree = syscall(SYS_open_tree, AT_FDCWD, folder.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (tree < 0)
        return fail("open_tree " + folder);
    if (!enter(nameSpace))
        return fail("enter " + nameSpace);
    if (syscall(SYS_move_mount, static_cast<int>(tree), "", AT_FDCWD, target.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0)
        return fail("move_mount " + target);
    return 0;
}

bool covered(const std::string& target) {
    struct statfs found{};
    return statfs(target.c_str(), &found) == 0 && found.f_type == TMPFS_MAGIC;
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 4 && words[0] == "attach")
        return attach(words[1], words[2], words[3]);
    if (words.size() < 3)
        return fail("usage: attach|detach|cover|uncover …");
    if (!enter(words[1]))
        return fail("enter " + words[1]);
    int result = 0;
    for (std::size_t i = 2; i < words.size(); ++i) {
        const std::string& target = words[i];
        if (words[0] == "detach" && umount2(target.c_str(), kLazy) != 0)
            result = fail("unmount " + target);
        if (words[0] == "cover" && mount("gone", target.c_str(), "tmpfs", kReadOnly, "size=4k,mode=555") != 0)
            result = fail("cover " + target);
        if (words[0] == "uncover") {
            while (covered(target)) {
                if (umount2(target.c_str(), kLazy) != 0) {
                    result = fail("uncover " + target);
                    break;
                }
            }
        }
    }
    return result;
}
