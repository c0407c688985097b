using System.Globalization;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Cli.Output;

/// <summary>Writes a .torrent file as text: its metadata, then the files as a tree.</summary>
internal static class MetainfoText
{
    private const int LabelWidth = 12;

    public static void Write(TextWriter output, TorrentMetainfo metainfo)
    {
        Field(output, "Name", metainfo.Name);
        Field(output, "Info-hash", metainfo.InfoHash?.ToString());
        Field(output, "Info-hash v2", metainfo.InfoHashV2?.ToString());
        Field(output, "Size", Size(metainfo));
        Field(output, "Pieces", $"{Number(metainfo.Layout.PieceCount)} of {new ByteSize(metainfo.Layout.PieceLength)}");
        Field(output, "Private", metainfo.IsPrivate ? "yes: peers come from the trackers only" : "no");
        Field(output, "Comment", metainfo.Comment);
        Field(output, "Created", metainfo.CreationDate?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        Field(output, "Created by", metainfo.CreatedBy);
        Field(output, "Source", metainfo.Source);
        for (int tier = 0; tier < metainfo.Trackers.Length; tier++)
        {
            foreach (string tracker in metainfo.Trackers[tier])
                Field(output, "Tracker", metainfo.Trackers.Length > 1 ? $"{tracker} (tier {tier + 1})" : tracker);
        }

        foreach (string webSeed in metainfo.WebSeeds)
            Field(output, "Web seed", webSeed);
        foreach (string node in metainfo.Nodes)
            Field(output, "DHT node", node);
        Field(output, "Magnet", MagnetLink.Of(metainfo).ToString());
        output.WriteLine();
        FileTree.Write(output, metainfo.Files);
        if (metainfo.Warnings.Length > 0)
            output.WriteLine();
        foreach (string warning in metainfo.Warnings)
            output.WriteLine("Changed to be safe: " + SafeText.Of(warning));
    }

    private static string Size(TorrentMetainfo metainfo)
    {
        long bytes = metainfo.Layout.TotalLength;
        int files = metainfo.Files.Count(file => !file.IsPadding);
        string inFiles = files == 1 ? "1 file" : Number(files) + " files";
        return $"{new ByteSize(bytes)} ({Number(bytes)} bytes) in {inFiles}";
    }

    private static void Field(TextWriter output, string label, string? value)
    {
        if (value is not null)
            output.WriteLine(label.PadRight(LabelWidth + 2) + SafeText.Of(value));
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
