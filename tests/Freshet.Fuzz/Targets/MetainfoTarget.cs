using System.Collections.Immutable;
using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Fuzz.Targets;

/// <summary>.torrent files: whatever is accepted lies within the download folder, can exist at the same time, and adds up.</summary>
internal sealed class MetainfoTarget : IFuzzTarget
{
    private const string Tail = "4:name4:root12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa";

    public string Name => "metainfo";

    public bool IsBencoded => true;

    public IReadOnlyList<byte[]> Words { get; } = [.. BencodeTarget.BencodeWords, .. new[]
    {
        "4:path", "9:path.utf-8", "10:name.utf-8", "4:attr1:l", "4:attr1:p", "12:symlink path", "l2:..e", "2:..", "1:.", "0:", "3:CON",
        "4:a/b\\", "6:lengthi0e", "d6:lengthi0e4:pathl1:aee", "d6:lengthi0e4:pathl1:Aee", "d6:lengthi0e4:pathl1:a1:bee",
        "d4:attr1:l4:pathl1:le12:symlink pathl1:aee", "12:meta versioni2e", "9:file treede", "8:url-list8:http://x",
        "3:\u00C3\u00A9", "3:e\u00CC\u0081", "3:a.1", "1:\u00FF", "3:\u00E2\u0080\u00AE",
    }.Select(Encoding.Latin1.GetBytes)];

    public IEnumerable<byte[]> Seeds => new[]
    {
        $"d8:announce8:http://x4:infod6:lengthi5e{Tail}ee",
        "d13:announce-listll8:http://a7:udp://bee4:infod5:filesld6:lengthi3e4:pathl1:a1:beed6:lengthi2e4:pathl1:ceee"
            + $"{Tail}7:privatei1e6:source1:see",
        "d7:comment1:c13:creation datei1e4:infod5:filesld6:lengthi5e4:pathl1:aeed4:attr1:l6:lengthi0e4:pathl1:le"
            + $"12:symlink pathl1:aeed4:attr1:p6:lengthi0eee{Tail}e"
            + "5:nodesll9:127.0.0.1i1eee8:url-listl8:http://wee",
        $"d4:infod9:file treede6:lengthi5e12:meta versioni2e{Tail}ee",
        $"d4:infod5:filesld6:lengthi5e4:pathl1:a10:{new string('x', 6)}.mkveed6:lengthi0e4:pathl1:Aeee{Tail}ee",
    }.Select(Encoding.Latin1.GetBytes);

    // A torrent is read nine times here. A file takes at least 25 bytes of it, and each reading some KB if the file's name is taken and the
    // torrent's own name, which is part of every path, is long.
    public long AllocationLimit(int inputLength) => (1L << 20) + (3_072L * inputLength);

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        bool portable = Check(bytes, PathRules.Portable);
        bool posix = Check(bytes, PathRules.Posix);
        bool ignoringCase = Check(bytes, PathRules.PosixIgnoringCase);
        FuzzException.Require(
            portable == posix && posix == ignoringCase, "the rules for paths must not decide whether a torrent is accepted");
    }

    private static bool Check(byte[] bytes, PathRules rules)
    {
        if (!MetainfoReader.TryRead(bytes, rules, out TorrentMetainfo? metainfo, out MetainfoError? error))
        {
            FuzzException.Require(
                error.Reason.Length > 0 && error.Offset >= 0 && error.Offset <= bytes.Length, "an error must say why and where");
            return false;
        }

        FuzzException.Require(error is null, "a torrent that was read must have no error");
        FuzzException.Require(metainfo.Files.Sum(file => file.Length) == metainfo.Layout.TotalLength, "lengths must add up");
        FuzzException.Require(metainfo.PieceHashes.Length == metainfo.Layout.PieceCount * 20L, "every piece must have a hash");
        FuzzException.Require(metainfo.Warnings.Length <= 101, "warnings are bounded");
        CheckPaths(metainfo, rules);
        CheckRoundTrip(metainfo, rules);
        FuzzException.Require(
            MetainfoReader.TryReadInfo(metainfo.InfoBytes, rules, out TorrentMetainfo? alone, out _),
            "the info dictionary alone must be readable");
        FuzzException.Require(
            alone.InfoHash == metainfo.InfoHash && alone.Files.SequenceEqual(metainfo.Files),
            "the info dictionary alone must say the same");
        string magnet = MagnetLink.Of(metainfo).ToString();
        FuzzException.Require(
            MagnetLink.TryParse(magnet, out MagnetLink? link, out _) && link.SwarmHash == metainfo.SwarmHash,
            "its magnet link must be readable");
        return true;
    }

    private static void CheckPaths(TorrentMetainfo metainfo, PathRules rules)
    {
        StringComparer comparer = rules == PathRules.Posix ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        var paths = new HashSet<string>(comparer);
        var folders = new HashSet<string>(comparer);
        foreach (TorrentFile file in metainfo.Files)
        {
            CheckPath(file.Path, rules);
            if (file.IsPadding)
                continue;
            FuzzException.Require(paths.Add(file.Path), $"two files have the path {file.Path}");
            for (int slash = file.Path.LastIndexOf('/'); slash >= 0; slash = file.Path.LastIndexOf('/', slash - 1))
            {
                if (!folders.Add(file.Path[..slash]))
                    break;
            }
        }

        foreach (TorrentFile file in metainfo.Files)
        {
            FuzzException.Require(file.IsPadding || !folders.Contains(file.Path), $"{file.Path} is another's folder");
            FuzzException.Require(
                file.Path == metainfo.Name || file.Path.StartsWith(metainfo.Name + "/", StringComparison.Ordinal),
                $"{file.Path} is outside {metainfo.Name}");
            if (file.SymlinkTarget is not null)
                CheckPath(file.SymlinkTarget, rules);
        }
    }

    private static void CheckPath(string path, PathRules rules)
    {
        FuzzException.Require(Encoding.UTF8.GetByteCount(path) <= 2048, "the length of a path must be bounded");
        foreach (string element in path.Split('/'))
        {
            FuzzException.Require(element is not ("" or "." or ".."), $"'{element}' is no safe element");
            FuzzException.Require(Encoding.UTF8.GetByteCount(element) <= 255, "an element must fit 255 bytes");
            FuzzException.Require(!element.Contains('\0', StringComparison.Ordinal), "an element must not contain a zero");
            FuzzException.Require(
                rules != PathRules.Portable || !element.Any(c => c == '\\' || char.IsControl(c)),
                "a portable element must not contain separators or control characters");
        }

        string full = Path.GetFullPath(Path.Combine("/downloads", path));
        FuzzException.Require(full == "/downloads/" + path, $"{path} leads to {full}");
    }

    /// <summary>A torrent made from what was read is read in the same way: safe paths stay as they are.</summary>
    private static void CheckRoundTrip(TorrentMetainfo metainfo, PathRules rules)
    {
        var builder = new MetainfoBuilder
        {
            Name = metainfo.Name,
            Files = ImmutableArray.CreateRange(metainfo.Files, file => new MetainfoFile
            {
                Path = Below(metainfo.Name, file.Path),
                Length = file.Length,
                Traits = file.SymlinkTarget is null ? file.Traits & ~FileTraits.Symlink : file.Traits,
                SymlinkPath = file.SymlinkTarget is null ? [] : Below(metainfo.Name, file.SymlinkTarget),
            }),
            PieceLength = metainfo.Layout.PieceLength,
            PieceHashes = metainfo.PieceHashes,
            Trackers = metainfo.Trackers,
            WebSeeds = metainfo.WebSeeds,
            Nodes = metainfo.Nodes,
            IsPrivate = metainfo.IsPrivate,
            Source = metainfo.Source,
        };
        byte[] rebuilt = builder.Build();
        FuzzException.Require(
            MetainfoReader.TryRead(rebuilt, rules, out TorrentMetainfo? again, out MetainfoError? error),
            $"what was read must be writable: {error}");
        FuzzException.Require(
            metainfo.Files.Select(file => file.Path).SequenceEqual(again.Files.Select(file => file.Path)),
            "safe paths must stay as they are");
        FuzzException.Require(
            metainfo.Files.Select(file => file.SymlinkTarget).SequenceEqual(again.Files.Select(file => file.SymlinkTarget)),
            "links must stay as they are");
        FuzzException.Require(again.Warnings.IsEmpty, $"what was made safe must not be changed again: {again.Warnings.FirstOrDefault()}");
        FuzzException.Require(
            metainfo.Trackers.SelectMany(tier => tier).SequenceEqual(again.Trackers.SelectMany(tier => tier))
                && metainfo.Nodes.SequenceEqual(again.Nodes),
            "trackers and nodes must stay as they are");
    }

    private static ImmutableArray<string> Below(string name, string path) =>
        path.Length <= name.Length ? [] : [.. path[(name.Length + 1)..].Split('/')];
}
