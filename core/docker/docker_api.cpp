// SPDX-License-Identifier: GPL-3.0-or-later
#include "docker/docker_api.h"
