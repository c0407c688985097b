using System.Diagnostics;

namespace Freshet.Testing;

/// <summary>A file system in memory that is full soon; unmounted when disposed of.</summary>
public sealed class SmallFileSystem : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Its name has no letters, so that it says nothing of whether the folder above ignores case.
    private SmallFileSystem() => Path = Directory.CreateDirectory(_folder["1"]).FullName;

    public string Path { get; }

    /// <summary>The folder that it is mounted in, which is on another file system.</summary>
    public string Parent => _folder.Path;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Mounts one with room for so many bytes and few files; the test is skipped where that cannot be done.</summary>
    public static SmallFileSystem MountOrSkip(int size)
    {
        Requires.That(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a file system, and only on Linux.");
        SmallFileSystem small = new();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size},nr_inodes=64", "freshet-test", small.Path))
            return small;
        small._folder.Dispose();
        Requires.Skip("File systems cannot be mounted on this machine.");
        return small;
    }

    /// <summary>Takes all the space and all the names there are.</summary>
    public void Fill()
    {
        try
        {
            for (int i = 0; ; i++)
                File.WriteAllBytes(this[$"ballast {i}"], new byte[1 << 16]);
        }
        catch (IOException)
        {
            // Space is out; now for the names.
        }

        try
        {
            for (int i = 0; ; i++)
                File.WriteAllBytes(this[$"name {i}"], []);
        }
        catch (IOException)
        {
            // That is it.
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Empty()
    {
        foreach (string file in Directory.EnumerateFiles(Path, "ballast *").Concat(Directory.EnumerateFiles(Path, "name *")).ToArray())
            File.Delete(file);
    }

    /// <summary>Takes it away, as one that is pulled out; its content is lost.</summary>
    public void Unmount() => Assert.True(Run("umount", "-l", Path));

    /// <summary>Mounts another in its place.</summary>
    public void MountAgain() => Assert.True(Run("mount", "-t", "tmpfs", "freshet-test", Path));

    public void Remount(string options) => Assert.True(Run("mount", "-o", "remount," + options, Path));

    public void Dispose()
    {
        // Lazily: somebody may be in it still.
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
