using System.Collections.Immutable;
using Freshet.FileSystem;

namespace Freshet.SimulatedFiles;

/// <summary>
/// A whole file system at one moment: what programs see, and which part of it is not durable yet. It is immutable, so that every moment
/// of a run can be kept, and each can be tested for what a power cut would have left.
/// </summary>
internal sealed record DiskImage
{
    public static readonly DiskImage Empty = new();

    public ImmutableSortedDictionary<string, NamedEntry> Names { get; init; } =
        ImmutableSortedDictionary.Create<string, NamedEntry>(StringComparer.Ordinal).Add("/", new NamedEntry(FileKind.Folder));

    public ImmutableSortedDictionary<string, NamedEntry> DurableNames { get; init; } =
        ImmutableSortedDictionary.Create<string, NamedEntry>(StringComparer.Ordinal).Add("/", new NamedEntry(FileKind.Folder));

    public ImmutableList<NameChange> PendingNames { get; init; } = [];

    public ImmutableDictionary<int, FileImage> Files { get; init; } = ImmutableDictionary<int, FileImage>.Empty;

    public int LastNumber { get; init; }

    public DiskImage Apply(NameChange change) => this with { Names = change.ApplyTo(Names), PendingNames = PendingNames.Add(change) };

    public DiskImage WithFile(int number, FileImage file) => this with { Files = Files.SetItem(number, file) };

    public DiskImage FlushFolder(string folder) => this with
    {
        DurableNames = PendingNames
            .Where(change => change.Folder == folder)
            .Aggregate(DurableNames, (names, change) => change.ApplyTo(names)),
        PendingNames = PendingNames.RemoveAll(change => change.Folder == folder),
    };

    /// <summary>Returns what is left when the process or the machine ends at this moment.</summary>
    public DiskImage After(Ending ending, Random random)
    {
        if (ending == Ending.Kill)
            return this;
        ImmutableSortedDictionary<string, NamedEntry> names = DurableNames;
        foreach (NameChange change in PendingNames)
        {
            if (ending is Ending.NamesSurvive || (ending == Ending.Torn && random.Next(2) == 0))
                names = change.ApplyTo(names);
        }

        // A file in a folder that did not survive cannot be found.
        names = names.RemoveRange(names.Keys.Where(path => !HasParents(names, path)).ToArray());
        ImmutableDictionary<int, FileImage>.Builder files = ImmutableDictionary.CreateBuilder<int, FileImage>();
        foreach (NamedEntry entry in names.Values.Where(entry => entry.Kind == FileKind.File))
        {
            FileContent left = LeftOf(Files[entry.Number], ending, random);
            files[entry.Number] = Files[entry.Number] with { Now = left, Durable = left, Pending = [] };
        }

        return new DiskImage { Names = names, DurableNames = names, Files = files.ToImmutable(), LastNumber = LastNumber };
    }

    private static bool HasParents(ImmutableSortedDictionary<string, NamedEntry> names, string path)
    {
        for (string parent = ParentOf(path); parent != "/"; parent = ParentOf(parent))
        {
            if (!names.ContainsKey(parent))
                return false;
        }

        return true;
    }

    private static string ParentOf(string path) => path[..Math.Max(1, path.LastIndexOf('/'))];

    private static FileContent LeftOf(FileImage file, Ending ending, Random random) => ending switch
    {
        Ending.DataSurvives => file.Flush().Durable,

        // The length was written, but the bytes were not.
        Ending.NamesSurvive => file.Durable.Length < file.Now.Length && file.Pending.Count > 0
            ? file.Durable with { Length = file.Now.Length, LastWriteUtc = file.Now.LastWriteUtc }
            : file.Durable,
        Ending.Torn => file.Pending.Aggregate(file.Durable, (content, change) => Tear(content, change, random)),
        _ => file.Durable,
    };

    // Everything, nothing, or some of the disk's sectors.
    private static FileContent Tear(FileContent content, FileChange change, Random random)
    {
        const int sector = 512;
        int fate = random.Next(3);
        if (fate == 0)
            return content;
        if (fate == 1 || change.Bytes is null)
            return content.Apply(change);
        byte[] page = [.. content.PageAt(change.Page)];
        for (int at = 0; at < page.Length; at += sector)
        {
            if (random.Next(2) == 0)
                change.Bytes.AsSpan(at, sector).CopyTo(page.AsSpan(at));
        }

        return content.Apply(change with { Bytes = page });
    }
}
