using System.Text.Json;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Cli.Checks;

/// <summary>Shows which pieces are verified and which files are complete.</summary>
internal sealed class CheckOutput(TorrentVerification result)
{
    private const int MostRangesInText = 20;
    private const int MostFilesInText = 20;

    private readonly TorrentMetainfo _metainfo = result.Metainfo;
    private readonly Bitfield _verified = result.Verified;

    /// <param name="output">The output.</param>
    /// <param name="everyFile">Whether complete files get a line, too.</param>
    public void WriteText(TextWriter output, bool everyFile)
    {
        FileVerification[] shown = [.. result.Files.Where(file => everyFile || !file.IsComplete)];
        foreach (FileVerification file in everyFile ? shown : shown.Take(MostFilesInText))
            output.WriteLine($"{State(file),-10}  {SafeText.Of(file.File.Path)}{Detail(file)}");
        if (!everyFile && shown.Length > MostFilesInText)
            output.WriteLine($"and {Words.Count(shown.Length - MostFilesInText, "more file")}; -v shows them all");
        if (!_verified.IsFull)
        {
            List<(int First, int Last)> missing = MissingRanges();
            string more = missing.Count > MostRangesInText ? $" and {Words.Count(missing.Count - MostRangesInText, "more range")}" : "";
            output.WriteLine($"Missing pieces: {string.Join(", ", missing.Take(MostRangesInText).Select(RangeText))}{more}");
        }

        output.WriteLine($"{SafeText.Of(_metainfo.Name)}: "
            + $"{Words.Number(_verified.Count)} of {Words.Count(_verified.Length, "piece")} verified, "
            + $"{Words.Number(result.Files.Count(file => file.IsComplete))} of {Words.Count(result.Files.Length, "file")} complete.");
    }

    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("infoHash", _metainfo.SwarmHash.ToString());
        writer.WriteString("name", _metainfo.Name);
        writer.WriteBoolean("complete", result.IsComplete);
        writer.WriteNumber("pieceCount", _verified.Length);
        writer.WriteNumber("verifiedPieces", _verified.Count);
        writer.WriteStartArray("missingPieces");
        foreach ((int first, int last) in MissingRanges())
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(first);
            writer.WriteNumberValue(last);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("files");
        foreach (FileVerification file in result.Files)
        {
            writer.WriteStartObject();
            writer.WriteString("path", file.File.Path);
            writer.WriteNumber("size", file.File.Length);
            writer.WriteString("state", State(file));
            writer.WriteNumber("verifiedBytes", file.VerifiedBytes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string State(FileVerification file) => file.IsComplete ? "complete" : file.Exists ? "incomplete" : "missing";

    private static string Detail(FileVerification file)
    {
        if (file.IsComplete || !file.Exists)
            return "";
        if (file.ActualLength != file.File.Length)
        {
            return $" ({Words.Count(file.ActualLength, "byte")} long, should be {Words.Number(file.File.Length)}; "
                + $"{new ByteSize(file.VerifiedBytes)} verified)";
        }

        return $" ({new ByteSize(file.VerifiedBytes)} of {new ByteSize(file.File.Length)} verified)";
    }

    private List<(int First, int Last)> MissingRanges()
    {
        List<(int First, int Last)> ranges = [];
        for (int i = 0; i < _verified.Length; i++)
        {
            if (_verified[new PieceIndex(i)])
                continue;
            if (ranges.Count > 0 && ranges[^1].Last == i - 1)
                ranges[^1] = (ranges[^1].First, i);
            else
                ranges.Add((i, i));
        }

        return ranges;
    }

    private static string RangeText((int First, int Last) range) =>
        range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}";
}
