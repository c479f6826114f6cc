using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Artesanos.Orders.Data.Migrations
{
    /// <inheritdoc />
    public partial class HistoryAskedBy : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "asked_by",
                table: "order_history",
                type: "text",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "asked_by",
                table: "order_history");
        }
    }
}
