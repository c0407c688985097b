using Freshet.Daemon.Http;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Configuration;

/// <summary>Parses a watch folder and its rules: <c>/watch/films;folder=/data/films;label=film;category=c;start=false</c>.</summary>
internal static class WatchRules
{
    private const char Separator = ';';

    /// <exception cref="FormatException">The text is invalid.</exception>
    public static WatchFolder Read(string text)
    {
        string[] parts = text.Split(Separator);
        WatchFolder folder = parts[1..].Aggregate(new WatchFolder(Values.Folder(parts[0])), Apply);
        try
        {
            OptionsOf(folder);
        }
        catch (ApiException e)
        {
            throw new FormatException($"is \"{text}\": {e.Message}", e);
        }

        return folder;
    }

    /// <summary>The options of a torrent from this folder.</summary>
    /// <exception cref="ApiException">A label or the category is invalid.</exception>
    public static TorrentOptions OptionsOf(WatchFolder folder)
    {
        TorrentOptions options = new() { DownloadFolder = folder.Folder, Stopped = !folder.Start };
        return Labels.WithCategory(Labels.With(options, folder.Labels), folder.Category ?? "");
    }

    private static WatchFolder Apply(WatchFolder folder, string rule)
    {
        int equals = rule.IndexOf('=', StringComparison.Ordinal);
        string value = rule[(equals + 1)..];
        return (equals < 0 ? "" : rule[..equals]) switch
        {
            "folder" => folder with { Folder = Values.Folder(value) },
            "label" => folder with { Labels = folder.Labels.Add(value) },
            "category" => folder with { Category = value },
            "start" => folder with { Start = Values.Flag(value) },
            _ => throw new FormatException($"has the rule \"{rule}\": expected folder=DIR, label=TEXT, category=TEXT or start=BOOL"),
        };
    }
}
