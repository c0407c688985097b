namespace Freshet.FileSystem;

/// <summary>The system's files.</summary>
internal static class SystemFiles
{
    /// <summary>Linux's own calls if all of them are available, otherwise the framework's.</summary>
    public static IFileSystem Instance { get; } = LinuxFileSystem.IsSupported ? new LinuxFileSystem() : new PortableFileSystem();
}
