using System.Collections.Immutable;

namespace Freshet.SimulatedFiles;

/// <summary>A file: what its readers see, what would be left of it after a power cut, and the changes in between.</summary>
internal sealed record FileImage(FileContent Now, FileContent Durable, ImmutableList<FileChange> Pending)
{
    public static readonly FileImage Empty = new(FileContent.Empty, FileContent.Empty, []);

    public bool IsPrivate { get; init; }

    public bool IsExecutable { get; init; }

    public FileImage Apply(FileChange change) => this with { Now = Now.Apply(change), Pending = Pending.Add(change) };

    public FileImage Flush() =>
        this with { Durable = Pending.Aggregate(Durable, (content, change) => content.Apply(change)), Pending = [] };

    /// <summary>A flush failed: the system gives up what it could not write, and marks it as clean.</summary>
    public FileImage LosePending() => this with { Pending = [] };
}
