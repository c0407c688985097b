namespace Freshet.Interop.Tests;

/// <summary>What is transferred; see <see cref="SampleTorrents"/>.</summary>
public enum SampleKind
{
    SingleFile,
    ManyFiles,
}
