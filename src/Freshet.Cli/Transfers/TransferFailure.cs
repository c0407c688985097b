using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Why a torrent of a run has failed.</summary>
/// <param name="Message">The message for people: what went wrong, where, and what to do next.</param>
/// <param name="Reason">The reason code, if there is one.</param>
internal sealed record TransferFailure(string Message, TorrentReason Reason = TorrentReason.None);
