namespace Freshet.FileSystem;

/// <summary>The system's files.</summary>
internal static class SystemFiles
{
    /// <summary>By Linux's own calls where there are all of them, else by the framework's.</summary>
    public static IFileSystem Instance { get; } = LinuxFileSystem.IsSupported ? new LinuxFileSystem() : new PortableFileSystem();
}
