using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Artesanos.Payments.Data.Migrations
{
    /// <inheritdoc />
    public partial class EventsByAge : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_stripe_events_received_at",
                table: "stripe_events",
                column: "received_at")
                .Annotation("Npgsql:IndexMethod", "brin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_stripe_events_received_at",
                table: "stripe_events");
        }
    }
}
