using System.Collections.Immutable;
using Freshet.Core.Pieces;

namespace Freshet.Disk.Files;

/// <summary>
/// Enumerates the stored runs that make up a run of a torrent's bytes: in its files, or in the part file where that holds them. Use it with
/// <c>foreach</c>.
/// </summary>
internal ref struct StoredSlices
{
    private readonly PartFile _part;
    private readonly ImmutableHashSet<int> _held;
    private FileSliceEnumerator _slices;
    private FileSlice _rest;

    public StoredSlices(PartFile part, FileSliceEnumerator slices, ImmutableHashSet<int> held)
    {
        _part = part;
        _slices = slices;
        _held = held;
    }

    /// <summary>The current run.</summary>
    public FileSlice Current { get; private set; }

    public readonly StoredSlices GetEnumerator() => this;

    /// <summary>Advances to the next run.</summary>
    public bool MoveNext()
    {
        if (_rest.Length == 0)
        {
            if (!_slices.MoveNext())
                return false;
            _rest = _slices.Current;
        }

        Current = _held.Count > 0 && _held.Contains(_rest.FileIndex) ? _part.Locate(_rest) : _rest;
        _rest = _rest with { Offset = _rest.Offset + Current.Length, Length = _rest.Length - Current.Length };
        return true;
    }
}
