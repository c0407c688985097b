using System.Collections.Immutable;
using System.Text.Json;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Cli.Checks;

/// <summary>Shows which files and pieces are good.</summary>
internal static class CheckOutput
{
    private const int MostRangesInText = 20;

    public static void WriteText(TextWriter output, TorrentMetainfo metainfo, ImmutableArray<FileCheck> files, Bitfield good)
    {
        foreach (FileCheck file in files)
            output.WriteLine($"{State(file),-8} {SafeText.Of(file.File.Path)}{Detail(file)}");
        if (!good.IsFull)
        {
            List<(int First, int Last)> bad = BadRanges(good);
            string more = bad.Count > MostRangesInText ? $" and {bad.Count - MostRangesInText} runs more" : "";
            output.WriteLine($"Bad pieces: {string.Join(", ", bad.Take(MostRangesInText).Select(RangeText))}{more}");
        }

        output.WriteLine($"{SafeText.Of(metainfo.Name)}: {Words.Number(good.Count)} of {Words.Count(good.Length, "piece")} and "
            + $"{Words.Number(files.Count(file => file.IsGood))} of {Words.Count(files.Length, "file")} are good.");
    }

    public static void WriteJson(Utf8JsonWriter writer, TorrentMetainfo metainfo, ImmutableArray<FileCheck> files, Bitfield good)
    {
        writer.WriteStartObject();
        writer.WriteString("infoHash", metainfo.SwarmHash.ToString());
        writer.WriteString("name", metainfo.Name);
        writer.WriteBoolean("complete", IsComplete(files, good));
        writer.WriteNumber("pieceCount", good.Length);
        writer.WriteNumber("goodPieces", good.Count);
        writer.WriteStartArray("badPieces");
        foreach ((int first, int last) in BadRanges(good))
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(first);
            writer.WriteNumberValue(last);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("files");
        foreach (FileCheck file in files)
        {
            writer.WriteStartObject();
            writer.WriteString("path", file.File.Path);
            writer.WriteNumber("size", file.File.Length);
            writer.WriteString("state", State(file));
            writer.WriteNumber("goodBytes", file.GoodBytes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static bool IsComplete(ImmutableArray<FileCheck> files, Bitfield good) => good.IsFull && files.All(file => file.IsGood);

    private static string State(FileCheck file) => file.IsGood ? "good" : file.Exists ? "bad" : "missing";

    private static string Detail(FileCheck file)
    {
        if (file.IsGood || !file.Exists)
            return "";
        if (file.ActualLength != file.File.Length)
            return $" ({Words.Count(file.ActualLength, "byte")} long, should be {Words.Number(file.File.Length)}; {new ByteSize(file.GoodBytes)} good)";
        return $" ({new ByteSize(file.File.Length - file.GoodBytes)} of {new ByteSize(file.File.Length)} wrong)";
    }

    private static List<(int First, int Last)> BadRanges(Bitfield good)
    {
        List<(int First, int Last)> ranges = [];
        for (int i = 0; i < good.Length; i++)
        {
            if (good[new PieceIndex(i)])
                continue;
            if (ranges.Count > 0 && ranges[^1].Last == i - 1)
                ranges[^1] = (ranges[^1].First, i);
            else
                ranges.Add((i, i));
        }

        return ranges;
    }

    private static string RangeText((int First, int Last) range) => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}";
}
