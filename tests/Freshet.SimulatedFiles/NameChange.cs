using System.Collections.Immutable;

namespace Freshet.SimulatedFiles;

/// <summary>A change of a folder's entries, which survives a power cut as a whole or not at all.</summary>
/// <param name="Folder">The folder that must be flushed to make it durable.</param>
/// <param name="Entries">The paths, and what each names now; null for nothing.</param>
internal sealed record NameChange(string Folder, ImmutableArray<(string Path, NamedEntry? Entry)> Entries)
{
    public ImmutableSortedDictionary<string, NamedEntry> ApplyTo(ImmutableSortedDictionary<string, NamedEntry> names)
    {
        foreach ((string path, NamedEntry? entry) in Entries)
            names = entry is null ? names.Remove(path) : names.SetItem(path, entry);
        return names;
    }
}
