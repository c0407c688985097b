using System.Text;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Metainfo;

/// <summary>The state of parsing one torrent: its path rules, its warnings, and the error that ended it.</summary>
internal sealed class MetainfoParse(PathRules rules)
{
    public PathRules Rules { get; } = rules;

    public MetainfoWarnings Warnings { get; } = new();

    /// <summary>Why the torrent cannot be used; null while nothing has failed.</summary>
    public MetainfoError? Error { get; private set; }

    /// <summary>Ends parsing with an error in a field.</summary>
    public bool Fail(string field, string reason, BencodeValue at) => Fail(field, reason, at.Start);

    /// <summary>Ends parsing with an error.</summary>
    public bool Fail(string field, string reason, int offset)
    {
        Error ??= new MetainfoError(field, reason, offset);
        return false;
    }

    /// <summary>Gets a required value of a given kind.</summary>
    public bool Require(BencodeValue parent, ReadOnlySpan<byte> key, BencodeKind kind, string field, out BencodeValue value)
    {
        value = parent[key];
        if (value.Kind == kind)
            return true;
        return value.IsMissing ? Fail(field, "is missing", parent) : Fail(field, $"is {Name(value.Kind)}, not {Name(kind)}", value);
    }

    /// <summary>
    /// Gets an optional text; a value of another kind is ignored with a warning, and text longer than
    /// <see cref="MetainfoLimits.MaxTextBytes"/> is cut with a warning.
    /// </summary>
    public string? Text(BencodeValue parent, ReadOnlySpan<byte> key)
    {
        BencodeValue value = parent[key];
        if (!Is(value, BencodeKind.String, key))
            return null;
        ReadOnlySpan<byte> text = value.String;
        if (text.Length <= MetainfoLimits.MaxTextBytes)
            return Encoding.UTF8.GetString(text);
        Warnings.Add(Encoding.UTF8.GetString(key), $"has {text.Length} bytes; only the first {MetainfoLimits.MaxTextBytes} are kept");

        // Do not cut within a character.
        int end = MetainfoLimits.MaxTextBytes;
        while (end > MetainfoLimits.MaxTextBytes - 4 && (text[end] & 0xC0) == 0x80)
            end--;
        return Encoding.UTF8.GetString(text[..end]);
    }

    /// <summary>Whether an optional value is present and of the given kind; a value of another kind is ignored with a warning.</summary>
    public bool Is(BencodeValue value, BencodeKind kind, ReadOnlySpan<byte> field)
    {
        if (!value.IsMissing && value.Kind != kind)
            Warnings.Add(Encoding.UTF8.GetString(field), $"is {Name(value.Kind)}, not {Name(kind)}, and was ignored");
        return value.Kind == kind;
    }

    private static string Name(BencodeKind kind) => kind switch
    {
        BencodeKind.Integer => "a number",
        BencodeKind.String => "a string",
        BencodeKind.List => "a list",
        BencodeKind.Dictionary => "a dictionary",
        _ => "nothing",
    };
}
