using System.Text;

namespace Freshet.Core.Metainfo;

/// <summary>
/// Builds a safe path from raw elements. The result has at most <see cref="MetainfoLimits.MaxPathBytes"/> bytes and
/// <see cref="MetainfoLimits.MaxPathDepth"/> elements; excess folders are left out, but never the file name.
/// </summary>
internal sealed class PathBuilder(PathRules rules)
{
    private readonly StringBuilder _path = new();
    private int _bytes;
    private int _depth;

    /// <summary>Whether any element was changed or left out.</summary>
    public bool Changed { get; private set; }

    /// <summary>Begins a path in a folder that is already safe; empty for none.</summary>
    public void Begin(string folder)
    {
        _path.Clear().Append(folder);
        _bytes = Encoding.UTF8.GetByteCount(folder);
        _depth = folder.Length == 0 ? 0 : 1;
        Changed = false;
    }

    /// <summary>Adds an element; the last one is the file name.</summary>
    public void Add(ReadOnlySpan<byte> raw, bool isLast)
    {
        if (PathElement.IsPlain(raw))
        {
            if (!HasRoom(raw.Length, isLast))
                return;
            Separate();
            Span<char> text = stackalloc char[MetainfoLimits.MaxPathElementBytes];
            _path.Append(text[..Encoding.ASCII.GetChars(raw, text)]);
            return;
        }

        string element = PathElement.Clean(raw, rules, out bool changed);
        Changed |= changed;
        if (!HasRoom(Encoding.UTF8.GetByteCount(element), isLast))
            return;
        Separate();
        _path.Append(element);
    }

    /// <summary>The path, with <c>/</c> between elements.</summary>
    public override string ToString() => _path.ToString();

    private bool HasRoom(int bytes, bool isLast)
    {
        // Reserves room for the file name and a number.
        int reserve = 2 * (MetainfoLimits.MaxPathElementBytes + 1);
        if (!isLast && (_bytes + bytes + 1 > MetainfoLimits.MaxPathBytes - reserve || _depth >= MetainfoLimits.MaxPathDepth - 1))
        {
            Changed = true;
            return false;
        }

        _bytes += bytes + 1;
        _depth++;
        return true;
    }

    private void Separate()
    {
        if (_path.Length > 0)
            _path.Append('/');
    }
}
