using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Why a torrent of a run has failed.</summary>
/// <param name="Message">In words: what went wrong, where, and what to do next.</param>
/// <param name="Reason">The same for programs, if there is a code for it.</param>
internal sealed record TransferFailure(string Message, TorrentReason Reason = TorrentReason.None);
