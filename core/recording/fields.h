// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <concepts>
#include <type_traits>

namespace mha {

/// The fields of each sighting by their names in a recording: one list, by which it is written and read.
///
/// A new sighting needs a name in kSightingName and a fields(); a new field of a sighting, its place in the list below.
/// What is forgotten does not build: the variant's visitor finds no name, or the binding has too few names for the
/// struct. A new type of field needs its two directions in line.cpp. A field that a line lacks (an older recording)
/// keeps its default.

template <typename T, typename Value>
concept Of = std::same_as<std::remove_const_t<T>, Value>;

template <typename T> inline constexpr const char* kSightingName = T::not_named_in_fields_h;
template <> inline constexpr const char* kSightingName<LinkSeen> = "link";
template <> inline constexpr const char* kSightingName<VipSeen> = "vip";
template <> inline constexpr const char* kSightingName<VrrpSeen> = "vrrp";
template <> inline constexpr const char* kSightingName<VrrpConfigSeen> = "vrrp-config";
template <> inline constexpr const char* kSightingName<ContainerSeen> = "container";
template <> inline constexpr const char* kSightingName<ContainerEventSeen> = "container-event";
template <> inline constexpr const char* kSightingName<MilvusSeen> = "milvus";
template <> inline constexpr const char* kSightingName<StorageSeen> = "storage";
template <> inline constexpr const char* kSightingName<ClockSeen> = "clock";
template <> inline constexpr const char* kSightingName<VipProbeSeen> = "vip-probe";
template <> inline constexpr const char* kSightingName<VipFromNodeSeen> = "vip-from-node";
template <> inline constexpr const char* kSightingName<VipNeighbourSeen> = "vip-neighbour";
template <> inline constexpr const char* kSightingName<Unseen> = "unseen";
template <> inline constexpr const char* kSightingName<OperationSeen> = "operation";
template <> inline constexpr const char* kSightingName<NodeProgramSeen> = "node-program";

/// `each(name, field)` is called for every field and gives back itself.
template <typename Each> void fields(Each& each, Of<Error> auto& error) {
    auto& [code, text, where, remedy] = error;
    each("code", code)("text", text)("where", where)("remedy", remedy);
}

template <typename Each> void fields(Each& each, Of<LinkSeen> auto& seen) {
    auto& [state, error, failedAt] = seen;
    each("state", state)("error", error)("failed_at", failedAt);
}

template <typename Each> void fields(Each& each, Of<VipSeen> auto& seen) {
    auto& [held, interface, linkUp, mac, changedAt] = seen;
    each("held", held)("interface", interface)("link_up", linkUp)("mac", mac)("changed_us", changedAt);
}

template <typename Each> void fields(Each& each, Of<Maintenance> auto& maintenance) {
    auto& [owner, reason, until] = maintenance;
    each("owner", owner)("reason", reason)("until_us", until);
}

template <typename Each> void fields(Each& each, Of<VrrpCounts> auto& counts) {
    auto& [sent, received, rejected, becameMaster, leftMaster, resigned] = counts;
    each("sent", sent)("received", received)("rejected", rejected)("became_master", becameMaster);
    each("left_master", leftMaster)("resigned", resigned);
}

template <typename Each> void fields(Each& each, Of<VrrpSeen> auto& seen) {
    auto& [engine, running, state, priority, effective, vrid, advert, nopreempt, since, source, maintenance, masterDown,
           counts] = seen;
    each("engine", engine)("running", running)("state", state)("priority", priority)("effective_priority", effective);
    each("vrid", vrid)("advert_us", advert)("nopreempt", nopreempt)("since_us", since)("source", source);
    each("maintenance", maintenance)("master_down_us", masterDown)("counts", counts);
}

template <typename Each> void fields(Each& each, Of<ScriptSeen> auto& seen) {
    auto& [use, name, path, user, exists, executable, rootsAlone, mayDocker, callsDocker, starts, stops] = seen;
    each("use", use)("name", name)("path", path)("user", user)("exists", exists)("executable", executable);
    each("roots_alone", rootsAlone)("user_may_docker", mayDocker)("calls_docker", callsDocker);
    each("starts_container", starts)("stops_container", stops);
}

template <typename Each> void fields(Each& each, Of<VrrpConfigSeen> auto& seen) {
    auto& [instance, initialState, vrid, priority, nopreempt, weight, faults, onMaster, onBackup, interface, version,
           advert, authType, authMark, vips, nopreemptIgnored, checks, tracksOther, security, scripts, faultFlag] =
        seen;
    each("instance", instance)("initial_state", initialState)("vrid", vrid)("priority", priority);
    each("nopreempt", nopreempt)("script_weight", weight)("script_faults", faults);
    each("notify_master", onMaster)("notify_backup", onBackup)("interface", interface)("version", version);
    each("advert_us", advert)("auth_type", authType)("auth_mark", authMark)("vips", vips);
    each("nopreempt_ignored", nopreemptIgnored)("checks", checks)("tracks_other", tracksOther);
    each("script_security", security)("scripts", scripts)("fault_flag", faultFlag);
}

template <typename Each> void fields(Each& each, Of<ContainerSeen> auto& seen) {
    auto& [name, state, id, image, imageId, restart, mounts, exitCode, startedAt, finishedAt, environment] = seen;
    each("name", name)("state", state)("id", id)("image", image)("image_id", imageId)("restart_policy", restart);
    each("mounts", mounts)("exit_code", exitCode)("started_us", startedAt)("finished_us", finishedAt);
    each("environment", environment);
}

template <typename Each> void fields(Each& each, Of<ContainerEventSeen> auto& seen) {
    auto& [action, exitCode, happenedAt] = seen;
    each("action", action)("exit_code", exitCode)("happened_us", happenedAt);
}

template <typename Each> void fields(Each& each, Of<MilvusSeen> auto& seen) {
    auto& [serving, refused, version, latency, detail, queried, notQueried] = seen;
    each("serving", serving)("refused", refused)("version", version)("latency_us", latency)("detail", detail);
    each("queried", queried)("not_queried", notQueried);
}

template <typename Each> void fields(Each& each, Of<StorageSeen> auto& seen) {
    auto& [path, mounted, writable, id, freeBytes, totalBytes] = seen;
    each("path", path)("mounted", mounted)("writable", writable)("id", id);
    each("free_bytes", freeBytes)("total_bytes", totalBytes);
}

template <typename Each> void fields(Each& each, Of<ClockSeen> auto& seen) {
    auto& [offset, error, drift] = seen;
    each("offset_us", offset)("error_us", error)("drift_ppm", drift);
}

template <typename Each> void fields(Each& each, Of<VipProbeSeen> auto& seen) {
    auto& [good, version, latency, askedAt, detail, alive, queriedAt, notQueried] = seen;
    each("good", good)("version", version)("latency_us", latency)("asked_us", askedAt)("detail", detail);
    each("alive", alive)("queried_us", queriedAt)("not_queried", notQueried);
}

template <typename Each> void fields(Each& each, Of<VipFromNodeSeen> auto& seen) {
    auto& [good, latency, detail] = seen;
    each("good", good)("latency_us", latency)("detail", detail);
}

template <typename Each> void fields(Each& each, Of<VipNeighbourSeen> auto& seen) {
    auto& [mac] = seen;
    each("mac", mac);
}

template <typename Each> void fields(Each& each, Of<Unseen> auto& seen) {
    auto& [subject, reason] = seen;
    each("subject", subject)("reason", reason);
}

template <typename Each> void fields(Each& each, Of<OperationSeen> auto& seen) {
    auto& [running, kind, from, to, reason, owner] = seen;
    each("running", running)("kind", kind)("from", from)("to", to)("reason", reason)("owner", owner);
}

template <typename Each> void fields(Each& each, Of<NodeProgramSeen> auto& seen) {
    auto& [running, version, engine, milvus, hold, holdReason, isolated, speaks, answers, peerMilvus, deadline] = seen;
    each("running", running)("version", version)("engine", engine)("milvus", milvus)("hold", hold);
    each("hold_reason", holdReason)("isolated", isolated)("peer_speaks", speaks)("peer_answers", answers);
    each("peer_milvus", peerMilvus)("stop_deadline_us", deadline);
}

} // namespace mha
