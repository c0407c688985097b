using Freshet.Disk.Files;

namespace Freshet.Tests.Disk;

public class FolderNamesTests
{
    [Fact]
    public void A_folder_that_is_found_by_another_case_ignores_case()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a folder that ignores case is made with a link, which needs one that does not");
        using TemporaryFolder folder = new();
        string data = Directory.CreateDirectory(Path.Combine(folder.Path, "Data-1")).FullName;
        Assert.False(FolderNames.IgnoreCase(data));

        // Another folder of such a name is no sign of it.
        string other = Directory.CreateDirectory(Path.Combine(folder.Path, "dATA-1")).FullName;
        Assert.False(FolderNames.IgnoreCase(data));
        Directory.Delete(other);
        Directory.CreateSymbolicLink(other, data);
        Assert.True(FolderNames.IgnoreCase(data));
    }

    [Fact]
    public void A_folder_that_is_not_there_yet_is_judged_by_where_it_will_be()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a folder that ignores case is made with a link, which needs one that does not");
        using TemporaryFolder folder = new();
        string data = Directory.CreateDirectory(Path.Combine(folder.Path, "Data")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "dATA"), data);
        Assert.True(FolderNames.IgnoreCase(Path.Combine(data, "new", "folder")));
        Directory.CreateDirectory(Path.Combine(data, "12"));
        Assert.True(FolderNames.IgnoreCase(Path.Combine(data, "12")));
    }
}
