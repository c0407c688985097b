using System.Text.Json;
using System.Text.Json.Nodes;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;

namespace Freshet.Cli.State;

/// <summary>
/// The objects of <c>list --json</c>. A script need not know whether a daemon runs: they have the same members either way, those of the
/// API's records and then those that only the records of a state folder have. What is not known is null.
/// </summary>
internal static class ListJson
{
    private static readonly string[] MembersOfRecords = ["activeTime", "seedingTime", "warning"];

    private static IEnumerable<string> Members =>
        JsonContext.Default.TorrentItem.Properties.Select(static member => member.Name).Concat(MembersOfRecords);

    /// <summary>Writes a torrent of a daemon.</summary>
    public static void Write(IConsoleStreams streams, TorrentItem torrent) =>
        Write(streams, JsonSerializer.SerializeToNode(torrent, JsonContext.Default.TorrentItem)!.AsObject());

    /// <summary>Writes a torrent of a state folder.</summary>
    public static void Write(IConsoleStreams streams, SavedTorrent torrent) => Write(streams, new JsonObject
    {
        ["hash"] = torrent.InfoHash.ToString(),
        ["name"] = torrent.Name,
        ["progress"] = ProgressOf(torrent),
        ["size"] = torrent.HasMetadata ? torrent.Size.Bytes : null,
        ["downloaded"] = torrent.Totals.Downloaded.Bytes,
        ["uploaded"] = torrent.Totals.Uploaded.Bytes,
        ["hasMetadata"] = torrent.HasMetadata,
        ["pieces"] = torrent.PieceCount,
        ["piecesHave"] = torrent.VerifiedPieces,
        ["folder"] = torrent.Folder,
        ["sequential"] = torrent.Options.Sequential,
        ["forced"] = torrent.Options.ForceStart,
        ["addedAt"] = torrent.AddedAt,
        ["completedAt"] = torrent.CompletedAt,
        ["activeTime"] = (long)torrent.Totals.ActiveTime.TotalSeconds,
        ["seedingTime"] = (long)torrent.Totals.SeedingTime.TotalSeconds,
        ["warning"] = torrent.Warning,
    });

    private static void Write(IConsoleStreams streams, JsonObject known) => JsonOutput.Write(streams, JsonOutput.OneLine, writer =>
    {
        writer.WriteStartObject();
        foreach (string member in Members)
        {
            writer.WritePropertyName(member);
            if (known[member] is { } value)
                value.WriteTo(writer);
            else
                writer.WriteNullValue();
        }

        writer.WriteEndObject();
    });

    // Of what is wanted, which a record counts in pieces only if that is everything.
    private static double? ProgressOf(SavedTorrent torrent) =>
        torrent.VerifiedPieces is { } verified && torrent.PieceCount > 0 && torrent.Options.FilePriorities.IsDefaultOrEmpty
            ? Math.Round((double)verified / torrent.PieceCount, 4, MidpointRounding.ToZero)
            : null;
}
