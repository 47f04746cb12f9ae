// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/sensor_context.h"

namespace mha {

bool sudoRefused(const ExecResult& result) {
    return (result.exitCode == 1 || result.exitCode == 127) && result.errors.contains("sudo");
}

void execAsRoot(const std::shared_ptr<SensorContext>& context, Command command, std::chrono::milliseconds deadline,
                Link::ExecCallback done) {
    command.asRoot = context->isRoot();
    if (context->link->userIsRoot() || !command.asRoot) {
        context->link->exec(command, deadline, std::move(done));
        return;
    }
    context->link->exec(command, deadline,
                        [context, command, deadline, done = std::move(done)](const Result<ExecResult>& result) {
                            if (!result || !sudoRefused(*result)) {
                                done(result);
                                return;
                            }
                            context->rootAllowed = false;
                            execAsRoot(context, command, deadline, done);
                        });
}

} // namespace mha
