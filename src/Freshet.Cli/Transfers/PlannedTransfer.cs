using Freshet.Cli.Sources;

namespace Freshet.Cli.Transfers;

/// <summary>A torrent that was read, and how it is to run.</summary>
internal sealed record PlannedTransfer(LoadedTorrent Torrent, TorrentOptions Options);
