using Freshet.Disk.Files;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

/// <summary>A second name of a file stands in for a folder that ignores case: the same file is found in either case.</summary>
public class FolderNamesTests
{
    private const string OnlyLinux = "Second names are created with a system call of Linux.";

    [Fact]
    public void A_folder_whose_files_are_found_in_another_case_ignores_case()
    {
        Requires.That(OperatingSystem.IsLinux(), OnlyLinux);
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["File-1"], "");
        Assert.False(FolderNames.IgnoreCase(folder.Path));

        // Another file with such a name proves nothing, nor does a link that somebody made for convenience.
        File.WriteAllText(folder["fILE-1"], "");
        Assert.False(FolderNames.IgnoreCase(folder.Path));
        File.Delete(folder["fILE-1"]);
        File.CreateSymbolicLink(folder["fILE-1"], folder["File-1"]);
        Assert.False(FolderNames.IgnoreCase(folder.Path));
        File.Delete(folder["fILE-1"]);
        SystemFiles.Instance.Link(new FilePath(folder.Path, "File-1"), new FilePath(folder.Path, "fILE-1"));
        Assert.True(FolderNames.IgnoreCase(folder.Path));
    }

    [Fact]
    public void A_folder_that_shows_nothing_is_judged_by_those_above_it()
    {
        Requires.That(OperatingSystem.IsLinux(), OnlyLinux);
        using TemporaryFolder folder = new();
        IgnoreCaseIn(folder.Path);
        Assert.True(FolderNames.IgnoreCase(Path.Combine(folder.Path, "new", "folder")));
        string year = Directory.CreateDirectory(folder["2024"]).FullName;
        File.WriteAllText(Path.Combine(year, "12"), "");
        Assert.True(FolderNames.IgnoreCase(year));
    }

    /// <summary>A memory stick that ignores case is mounted in a folder that does not, or, as here, the other way round.</summary>
    [Fact]
    public void A_mounted_file_system_is_not_judged_by_where_it_is_mounted()
    {
        using SmallFileSystem stick = SmallFileSystem.MountOrSkip(1 << 20);
        IgnoreCaseIn(stick.Parent);
        Assert.True(FolderNames.IgnoreCase(stick.Parent));
        Assert.False(FolderNames.IgnoreCase(stick.Path));
        Assert.False(FolderNames.IgnoreCase(stick["new"]));
    }

    private static void IgnoreCaseIn(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "File"), "");
        SystemFiles.Instance.Link(new FilePath(folder, "File"), new FilePath(folder, "fILE"));
    }
}
