using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Metainfo;

/// <summary>Parses the files of an info dictionary, one or many, with safe paths (BEP 3, 47).</summary>
internal sealed class FileListReader(BencodeValue info, string name, MetainfoParse parse)
{
    private readonly PathBuilder _path = new(parse.Rules);
    private readonly byte[] _givenName = GivenName(info);
    private readonly List<RawFile> _files = [];
    private long _total;
    private long _characters;

    /// <summary>Returns the files in order, at least one.</summary>
    public bool TryRead(out ImmutableArray<TorrentFile> files)
    {
        files = [];
        BencodeValue list = info["files"u8];
        if (list.Kind != BencodeKind.List)
        {
            if (!list.IsMissing && info["length"u8].IsMissing)
                return parse.Fail("info.files", "is not a list", list);
            parse.Is(list, BencodeKind.List, "info.files"u8);
            if (!TryReadLength(info, FileTraits.None, "info.length", out long length))
                return false;
            _files.Add(new RawFile(name, length, TraitsOf(info) & ~(FileTraits.Symlink | FileTraits.Padding), null)
            {
                GivenPath = IsNameChanged ? GivenPathOf(default) : null,
            });
        }
        else if (!TryReadList(list))
        {
            return false;
        }

        files = Finish();
        return true;
    }

    private bool TryReadList(BencodeValue list)
    {
        foreach (BencodeValue file in list.Items)
        {
            if (_files.Count == Limits.MaxFiles)
                return parse.Fail("info.files", $"holds more than {Limits.MaxFiles} files", list);
            if (file.Kind != BencodeKind.Dictionary)
                return parse.Fail(FieldOf(null), "is not a dictionary", file);
            if (!TryReadFile(file))
                return false;
        }

        return _files.Count > 0 || parse.Fail("info.files", "is empty", list);
    }

    private bool TryReadFile(BencodeValue file)
    {
        FileTraits traits = TraitsOf(file);
        BencodeValue target = file["symlink path"u8];
        if ((traits & FileTraits.Symlink) != 0 && ((traits & FileTraits.Padding) != 0 || target.Kind != BencodeKind.List))
            traits &= ~FileTraits.Symlink;
        if (!TryReadLength(file, traits, null, out long length) || !TryReadPath(file, ref traits, length, out string path))
            return false;
        bool isChanged = (_path.Changed || IsNameChanged) && (traits & FileTraits.Padding) == 0;
        string? given = isChanged ? GivenPathOf(PathOf(file)) : null;
        string? link = (traits & FileTraits.Symlink) != 0 ? ReadTarget(target) : null;
        _characters += path.Length + (link?.Length ?? 0) + (given?.Length ?? 0);
        if (_characters > MetainfoLimits.MaxPathCharacters)
            return parse.Fail("info.files", $"has paths of more than {MetainfoLimits.MaxPathCharacters} characters in all", file);
        _files.Add(new RawFile(path, length, traits, link) { GivenPath = given });
        return true;
    }

    private bool TryReadLength(BencodeValue file, FileTraits traits, string? field, out long length)
    {
        length = 0;
        // A link contains no bytes, whatever its length says.
        if ((traits & FileTraits.Symlink) != 0)
            return true;
        BencodeValue value = file["length"u8];
        if (!value.TryGetInteger(out length))
            return parse.Fail(
                field ?? FieldOf("length"), value.IsMissing ? "is missing" : "is not a number", value.IsMissing ? file : value);
        if (length < 0)
            return parse.Fail(field ?? FieldOf("length"), $"is negative: {length}", value);
        if (length > long.MaxValue - _total)
            return parse.Fail(field ?? FieldOf("length"), "makes the torrent longer than 2^63 bytes", value);
        _total += length;
        return true;
    }

    private bool TryReadPath(BencodeValue file, ref FileTraits traits, long length, out string path)
    {
        path = "";
        BencodeValue elements = PathOf(file);
        BencodeItems items = elements.Items;
        _path.Begin(name);
        if (!items.MoveNext())
        {
            if ((traits & FileTraits.Padding) == 0)
                return parse.Fail(
                    FieldOf("path"), elements.IsMissing ? "is missing" : "is not a list of names", elements.IsMissing ? file : elements);
            path = string.Create(CultureInfo.InvariantCulture, $"{name}/.pad/{length}");
            return true;
        }

        for (bool isLast = false; !isLast;)
        {
            BencodeValue element = items.Current;
            if (element.Kind != BencodeKind.String)
                return parse.Fail(FieldOf("path"), "holds what is not a name", element);
            isLast = !items.MoveNext();
            _path.Add(element.String, isLast);
        }

        path = _path.ToString();
        // BitComet pads to piece boundaries with files of this name, without an attribute. The safe name decides, so that reading it again
        // gives the same result.
        if (path.AsSpan(path.LastIndexOf('/') + 1).StartsWith("_____padding_file_", StringComparison.Ordinal))
            traits = (traits | FileTraits.Padding) & ~FileTraits.Symlink;
        if (_path.Changed && (traits & FileTraits.Padding) == 0)
            parse.Warnings.AddPath(_files.Count, "was made safe:", path);
        return true;
    }

    private static BencodeValue PathOf(BencodeValue file) => IsListOfNames(file["path.utf-8"u8]) ? file["path.utf-8"u8] : file["path"u8];

    private static byte[] GivenName(BencodeValue info) =>
        (info["name.utf-8"u8].String.IsEmpty ? info["name"u8] : info["name.utf-8"u8]).String.ToArray();

    private bool IsNameChanged => !_givenName.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(name));

    private string GivenPathOf(BencodeValue elements)
    {
        StringBuilder url = new();
        UrlPath.Append(url, _givenName);
        foreach (BencodeValue element in elements.Items)
            UrlPath.Append(url, element.String);
        return url.ToString();
    }

    private static bool IsListOfNames(BencodeValue list)
    {
        bool isAny = false;
        foreach (BencodeValue element in list.Items)
        {
            if (element.Kind != BencodeKind.String)
                return false;
            isAny = true;
        }

        return isAny;
    }

    /// <summary>
    /// A link's target relative to the torrent's folder; null if it is that folder, or is outside it, possibly by way of <c>..</c>.
    /// </summary>
    private string? ReadTarget(BencodeValue target)
    {
        if (!target.Items.MoveNext())
            return null;
        _path.Begin(name);
        foreach (BencodeValue element in target.Items)
        {
            ReadOnlySpan<byte> raw = element.String;
            if (raw.IsEmpty || raw.SequenceEqual("."u8) || raw.SequenceEqual(".."u8) || raw[0] == (byte)'/')
                return null;
            _path.Add(raw, isLast: false);
        }

        return _path.ToString();
    }

    private ImmutableArray<TorrentFile> Finish()
    {
        Span<RawFile> files = CollectionsMarshal.AsSpan(_files);
        var paths = new string?[files.Length];
        for (int i = 0; i < files.Length; i++)
            paths[i] = files[i].IsPadding ? null : files[i].Path;
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (int i in new SafePaths(parse.Rules).MakeUnique(paths))
        {
            renamed.TryAdd(files[i].Path, paths[i]!);
            parse.Warnings.AddPath(i, "is taken already; renamed to", paths[i]!);
            files[i] = files[i] with { Path = paths[i]!, SharedPath = files[i].Path };
        }

        ResolveLinks(files, renamed);
        var result = ImmutableArray.CreateBuilder<TorrentFile>(files.Length);
        long offset = 0;
        foreach (RawFile file in files)
        {
            result.Add(new TorrentFile
            {
                Index = result.Count,
                Path = file.Path,
                Length = file.Length,
                Offset = offset,
                Traits = file.Traits,
                SymlinkTarget = file.Target,
                GivenPath = file.GivenPath,
                SharedPath = file.SharedPath,
            });
            offset += file.Length;
        }

        return result.MoveToImmutable();
    }

    private void ResolveLinks(Span<RawFile> files, Dictionary<string, string> renamed)
    {
        if (!_files.Exists(file => file.IsLink))
            return;
        var links = new Symlinks(renamed);
        foreach (RawFile file in files)
        {
            if (file.Target is not null)
                links.AddLink(file.Path, file.Target);
            else if (!file.IsPadding && !file.IsLink)
                links.AddFile(file.Path);
        }

        for (int i = 0; i < files.Length; i++)
        {
            if (!files[i].IsLink)
                continue;
            string? target = files[i].Target is string wanted ? links.Resolve(wanted) : null;
            files[i] = files[i] with { Target = target };
            if (target is null)
                parse.Warnings.Add(
                    i, "symlink path", "leads out of the torrent, to nothing in it, or through too many links; the link is not created");
        }
    }

    private static FileTraits TraitsOf(BencodeValue file)
    {
        FileTraits traits = FileTraits.None;
        foreach (byte letter in file["attr"u8].String)
        {
            traits |= letter switch
            {
                (byte)'p' => FileTraits.Padding,
                (byte)'x' => FileTraits.Executable,
                (byte)'h' => FileTraits.Hidden,
                (byte)'l' => FileTraits.Symlink,
                _ => FileTraits.None,
            };
        }

        return traits;
    }

    private string FieldOf(string? field) =>
        string.Create(CultureInfo.InvariantCulture, $"info.files[{_files.Count}]{(field is null ? "" : ".")}{field}");

    private readonly record struct RawFile(string Path, long Length, FileTraits Traits, string? Target)
    {
        /// <summary>See <see cref="TorrentFile.GivenPath"/>.</summary>
        public string? GivenPath { get; init; }

        /// <summary>See <see cref="TorrentFile.SharedPath"/>.</summary>
        public string? SharedPath { get; init; }

        public bool IsPadding => (Traits & FileTraits.Padding) != 0;

        public bool IsLink => (Traits & FileTraits.Symlink) != 0;
    }
}
